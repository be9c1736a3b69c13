/** What a run of the tests has shown, for other programs. */
package io.ringfence.jcstress.report;
