package io.ringfence.sim.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.ringfence.scheduler.EntityStatus;
import io.ringfence.scheduler.Readiness;
import io.ringfence.scheduler.SchedulerStatus;
import io.ringfence.sim.schedule.ClientSpec;
import io.ringfence.sim.schedule.MockJob;
import io.ringfence.sim.schedule.SharedDevice;

import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What a scheduler is doing, as lines of text: its hardware ring, its run queue, what the device did lately, its entities. Each client is a
 * letter and, if there are colours, a colour. One thread's.
 */
final class SchedulePicture {

    private static final int[] COLOURS = {AttributedStyle.CYAN, AttributedStyle.GREEN, AttributedStyle.YELLOW,
        AttributedStyle.MAGENTA, AttributedStyle.BLUE, AttributedStyle.RED};
    private static final int LABEL = 9;
    /** Narrower than this, some columns are left out. */
    private static final int WIDE = 70;
    private static final int MEDIUM = 48;
    /** What a wide line takes beside the bar of jobs. */
    private static final int WITHOUT_BAR = 60;
    private static final int MOST_BAR = 32;
    private static final int SLOT = 3;
    /** What the line of the ring takes beside the slots. */
    private static final int WITHOUT_SLOTS = LABEL + 44;
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;
    /** Into how many letters the shortest job is divided. */
    private static final long PARTS = 4;

    private final String policy;
    private final double seconds;
    private final boolean coloured;
    /** The clients in their order, each with its number. */
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final long sliceNanos;
    private final Rate rate = new Rate();

    /** How many decisions a second, of the last whole second or so. */
    private static final class Rate {
        private long sinceNanos;
        private long sinceDecisions;
        private double perSecond;

        double at(long nanos, long decisions) {
            long passed = nanos - sinceNanos;
            if (passed >= SECOND || sinceNanos == 0) {
                perSecond = (decisions - sinceDecisions) * SECOND / Math.max(1, passed);
                if (passed >= SECOND) {
                    sinceNanos = nanos;
                    sinceDecisions = decisions;
                }
            }
            return perSecond;
        }
    }

    SchedulePicture(String policy, List<ClientSpec> clients, double seconds, boolean coloured) {
        this.policy = policy;
        this.seconds = seconds;
        this.coloured = coloured;
        for (ClientSpec client : clients) {
            numbers.put(client.name(), numbers.size());
        }
        long shortest = clients.stream().mapToLong(ClientSpec::eachNanos).min().orElse(PARTS);
        sliceNanos = Math.max(1, shortest / PARTS);
    }

    /** The picture, as wide and high as there is room for. */
    List<AttributedString> lines(SharedDevice.Look look, int columns, int rows) {
        int room = Math.max(1, rows - 1);
        int width = Math.max(1, columns - 1);
        List<AttributedString> lines = new ArrayList<>();
        lines.add(header(look, width));
        lines.add(ring(look, width));
        lines.add(queue(look, width));
        List<AttributedString> table = table(look, width);
        if (lines.size() + 1 + table.size() <= room) {
            lines.add(lately(look, width));
        }
        if (lines.size() + 1 + table.size() <= room) {
            lines.add(new AttributedString(
                    String.format(Locale.ROOT, "          each letter %.1f ms, now at the right", sliceNanos / MILLI)));
        }
        int fit = Math.max(0, room - lines.size());
        if (table.size() <= fit) {
            lines.addAll(table);
        } else if (fit > 2) {
            lines.addAll(table.subList(0, fit - 1));
            lines.add(new AttributedString(" and " + (table.size() - fit + 1) + " more"));
        }
        return lines.stream().limit(room).map(line -> line.columnSubSequence(0, width)).toList();
    }

    // ---- the whole

    private AttributedString header(SharedDevice.Look look, int width) {
        String clock = String.format(Locale.ROOT, "%.1f s of %.0f s", look.nanos() / SECOND, seconds);
        return line(label("policy").append(policy), clock, width);
    }

    private AttributedString ring(SharedDevice.Look look, int width) {
        SchedulerStatus status = look.scheduler();
        AttributedStringBuilder line = label("ring");
        List<MockJob> there = look.lately().stream().filter(job -> job.finished() == 0).toList();
        int shown = Math.clamp((width - WITHOUT_SLOTS) / SLOT, 1, status.credits());
        for (int slot = 0; slot < shown; slot++) {
            line.append("[");
            if (slot < there.size()) {
                letter(line, there.get(slot).toString(), slot == 0);
            } else {
                line.append(" ");
            }
            line.append("]");
        }
        if (there.size() > shown) {
            line.append(" +").append(String.valueOf(there.size() - shown));
        }
        return line(line, String.format(Locale.ROOT, "credits %d of %d, %.0f decisions/s", status.creditsUsed(),
                status.credits(), rate.at(look.nanos(), status.decisions())), width);
    }

    private AttributedString queue(SharedDevice.Look look, int width) {
        AttributedStringBuilder line = label("queue");
        for (EntityStatus entity : look.entities()) {
            if (entity.readiness() == Readiness.READY) {
                letter(line, entity.name(), false);
                line.append(" ");
            } else if (entity.readiness() == Readiness.WAITING) {
                line.append("(");
                letter(line, entity.name(), false);
                line.append(") ");
            }
        }
        return line(line, "first goes next, (waits for a dependency)", width);
    }

    /** The last of what the device has done, a letter for each slice of time, now at the right. */
    private AttributedString lately(SharedDevice.Look look, int width) {
        AttributedStringBuilder line = label("lately");
        int slices = Math.max(0, width - LABEL);
        List<MockJob> jobs = look.lately();
        int at = 0;
        for (int slice = slices; slice > 0; slice--) {
            long moment = look.now() - slice * sliceNanos;
            while (at < jobs.size() && jobs.get(at).begins() + jobs.get(at).nanos() <= moment) {
                at++;
            }
            if (at < jobs.size() && jobs.get(at).begins() <= moment) {
                letter(line, jobs.get(at).toString(), false);
            } else {
                line.append(moment < look.now() - look.nanos() ? " " : ".");
            }
        }
        return line.toAttributedString();
    }

    private static AttributedStringBuilder label(String text) {
        return new AttributedStringBuilder().append(String.format(Locale.ROOT, " %-8s", text));
    }

    /** What is at the right is left out if there is no room for it. */
    private static AttributedString line(AttributedStringBuilder left, String right, int width) {
        int gap = width - left.columnLength() - right.length();
        return gap < 1 ? left.toAttributedString() : left.append(" ".repeat(gap)).append(right).toAttributedString();
    }

    // ---- the clients

    private List<AttributedString> table(SharedDevice.Look look, int width) {
        List<AttributedString> lines = new ArrayList<>();
        int bar = Math.min(MOST_BAR, width - WITHOUT_BAR);
        if (width >= WIDE) {
            lines.add(new AttributedString(String.format(Locale.ROOT, "   %-12s %-8s %5s %-" + bar + "s %11s %-7s %7s",
                    "client", "priority", "jobs", "waiting", "behind", "state", "share")));
        } else if (width >= MEDIUM) {
            lines.add(new AttributedString(String.format(Locale.ROOT, "   %-12s %-8s %5s %-7s %7s", "client",
                    "priority", "jobs", "state", "share")));
        }
        Map<String, EntityStatus> entities = new HashMap<>();
        look.entities().forEach(entity -> entities.put(entity.name(), entity));
        for (String client : numbers.keySet()) {
            EntityStatus entity = entities.get(client);
            if (entity != null) {
                lines.add(row(look, entity, width, bar));
            }
        }
        return lines;
    }

    private AttributedString row(SharedDevice.Look look, EntityStatus entity, int width, int bar) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(" ");
        letter(line, entity.name(), true);
        String share = String.format(Locale.ROOT, "%.1f %%", 100 * share(look, entity));
        line.append(String.format(Locale.ROOT, " %-12s ", entity.name()));
        if (width < MEDIUM) {
            return line.append(String.format(Locale.ROOT, "%7s", share)).toAttributedString();
        }
        line.append(String.format(Locale.ROOT, "%-8s %5d", entity.priority(), entity.waiting()));
        if (width >= WIDE) {
            int full = (int) Math.min(bar, entity.waiting());
            line.append(" ").style(style(entity.name(), false)).append("#".repeat(full)).style(AttributedStyle.DEFAULT);
            line.append(" ".repeat(bar - full)).append(String.format(Locale.ROOT, " %11s", behind(look, entity)));
        }
        return line.append(String.format(Locale.ROOT, " %-7s %7s", state(look, entity), share)).toAttributedString();
    }

    private static double share(SharedDevice.Look look, EntityStatus entity) {
        long all = look.entities().stream().mapToLong(EntityStatus::runtimeNanos).sum();
        return all == 0 ? 0 : (double) entity.runtimeNanos() / all;
    }

    private static String state(SharedDevice.Look look, EntityStatus entity) {
        return switch (entity.readiness()) {
            case IDLE -> "idle";
            case WAITING -> "waits";
            case READY -> look.entities().stream().filter(each -> each.readiness() == Readiness.READY).findFirst()
                    .filter(first -> first == entity).isPresent() ? "next" : "ready";
        };
    }

    /** How far its rank is behind the lowest of those that it stands in a line with: all, or under a strict policy those of its priority. */
    private String behind(SharedDevice.Look look, EntityStatus entity) {
        if (entity.readiness() == Readiness.IDLE) {
            return "";
        }
        boolean all = policy.equals("fair");
        long first = look.entities().stream().filter(each -> each.readiness() != Readiness.IDLE)
                .filter(each -> all || each.priority() == entity.priority()).mapToLong(EntityStatus::rank).min()
                .orElse(entity.rank());
        long behind = entity.rank() - first;
        return policy.equals("rr") ? "+" + behind + (behind == 1 ? " turn" : " turns")
                : String.format(Locale.ROOT, "+%.1f ms", behind / MILLI);
    }

    // ---- letters

    private void letter(AttributedStringBuilder line, String client, boolean bold) {
        line.style(style(client, bold)).append((char) ('A' + number(client))).style(AttributedStyle.DEFAULT);
    }

    private AttributedStyle style(String client, boolean bold) {
        if (!coloured) {
            return AttributedStyle.DEFAULT;
        }
        AttributedStyle style = AttributedStyle.DEFAULT.foreground(COLOURS[number(client) % COLOURS.length]);
        return bold ? style.bold() : style;
    }

    private int number(String client) {
        return numbers.getOrDefault(client, 0);
    }

    // ---- without a terminal

    /** The same, in one line. */
    String line(SharedDevice.Look look) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%5.1f s: %d decisions, credits %d of %d;",
                look.nanos() / SECOND, look.scheduler().decisions(), look.scheduler().creditsUsed(),
                look.scheduler().credits()));
        look.entities().stream().sorted((one, other) -> Integer.compare(number(one.name()), number(other.name())))
                .forEach(entity -> line.append(String.format(Locale.ROOT, " %s %.1f %%", entity.name(),
                        100 * share(look, entity))));
        return line.toString();
    }
}
