/**
 * What a device must provide to a queue, and what it is promised.
 *
 * <table>
 * <caption>Who calls what, from where</caption>
 * <tr><th>call</th><th>thread</th><th>may</th></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#run run}, {@link io.ringfence.driver.Driver#cancel cancel}</td>
 * <td>whoever holds the queue's issue turn: a submitter, a thread that signalled a dependency, a runtime thread; never
 * two at a time, in the order of seqnos</td>
 * <td>touch the device, {@code trySubmit} elsewhere, signal fences; not park</td></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#poll poll}, {@link io.ringfence.driver.Driver#arm arm},
 * {@link io.ringfence.driver.Driver#abort abort}, {@link io.ringfence.driver.Driver#lost lost}</td>
 * <td>whoever holds the queue's completion turn, perhaps between two runs of another queue whose job waits for one of this; never two at
 * a time, but beside {@code run}</td>
 * <td>read what the device has completed; not park</td></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#doorbell doorbell},
 * {@link io.ringfence.driver.Driver#hintDeadline hintDeadline}</td><td>any thread, beside all of the above and also after
 * {@code close}</td><td>wake or hurry the device; not park</td></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#timedOut timedOut}, {@link io.ringfence.driver.Driver#hasStarted hasStarted},
 * {@link io.ringfence.driver.Driver#isRepeatable isRepeatable}, {@link io.ringfence.driver.Driver#restart restart}, the methods of
 * {@link io.ringfence.driver.FailureDomain FailureDomain}</td>
 * <td>the runtime's recovery thread; of the calls above, only {@code doorbell} and {@code hintDeadline} are made to any ring of the
 * failure domain meanwhile</td>
 * <td>touch the device; not park: what takes time is begun and told by a fence</td></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#isExecuting isExecuting}</td><td>the runtime's watchdog, beside all
 * others</td><td>read; not park</td></tr>
 * <tr><td>{@link io.ringfence.driver.Driver#close close}</td><td>any thread, once, after the last of the other calls to this ring but
 * {@code doorbell} and {@code hintDeadline}; beside what is asked of the failure domain for others</td><td>let the device's ring go; not park</td></tr>
 * </table>
 *
 * <p>How the queue learns what is complete is the driver's choice. <b>Compare</b>: the device stores a seqno in memory, and the
 * driver overrides {@link io.ringfence.driver.Driver#completedSeqno completedSeqno}. <b>Poll</b>: the driver overrides
 * {@link io.ringfence.driver.Driver#poll poll} and reports what it finds, also out of order and failures. <b>Push</b>: the device's
 * own thread calls {@link io.ringfence.driver.DriverLink#completedThrough completedThrough},
 * {@link io.ringfence.driver.DriverLink#completed completed} or {@link io.ringfence.driver.DriverLink#failed failed}.
 *
 * <p>The thread may be borrowed from a user: its identity, thread-locals and context class loader mean nothing, its
 * interrupt status is taken away around the call and given back.
 */
@NullMarked
package io.ringfence.driver;

import org.jspecify.annotations.NullMarked;
