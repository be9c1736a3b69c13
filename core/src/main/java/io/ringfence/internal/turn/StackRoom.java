package io.ringfence.internal.turn;

import static java.lang.Long.rotateLeft;

/**
 * Asks for room on the stack before anything is claimed or entered, so that a thread which is about to overflow its
 * stack learns it while nothing has changed yet.
 *
 * <p>HotSpot checks the stack when a method is entered, for as much as the method's frame takes. The method here has a
 * frame of three kilobytes and calls itself twice: more than everything of ours between a claim and the publication, or
 * between entering a turn and leaving it, needs together. Its locals are used now and then, for the JIT gives no room
 * to what never happens; they are read from a volatile field and combined only after the last was read, so all of them
 * are live at once.
 *
 * <p>Cost: three calls.
 */
public final class StackRoom {

    /** How rarely the locals are used: every so many calls of a caller that passes consecutive numbers. */
    private static final long RARELY = 1023;

    /** Frames on top of each other; too long a method to be inlined into itself. */
    private static final int FRAMES = 3;
    /** For what is done before room is required a second time, and for that. */
    private static final int AMPLE = 8;

    private static volatile long source;
    @SuppressWarnings("UnusedVariable") // keeps the results from being optimised away
    private static volatile long sink;

    /** Calls until the JIT knows that the locals are used: frames compiled before would be too short. */
    private static final int FAMILIAR = 8000;

    static {
        for (int i = 0; i < FAMILIAR; i++) {
            require(i & 1);
        }
    }

    private StackRoom() {
    }

    /** Makes {@link #require(long)} ready; called while there is room enough, before the first fence or queue. */
    public static void prepare() {
        // Initialising the class is all there is to do.
    }

    /**
     * Makes sure that there is room.
     *
     * @param number a number that grows with the calls, or 1
     * @throws StackOverflowError if there is not; nothing has happened then
     */
    public static void require(long number) {
        if (frame(number, FRAMES - 1) != 0) {
            sink = number;
        }
    }

    /**
     * Makes sure that there is room for somebody who requires it himself, with all that he does in between.
     *
     * @throws StackOverflowError if there is not; nothing has happened then
     */
    public static void requireAmple() {
        if (frame(1, AMPLE - 1) != 0) {
            sink = 1;
        }
    }

    /**
     * Whether there is room for somebody who requires it himself, with all that he does in between.
     *
     * @return false if what needs that should be done by another thread
     */
    public static boolean isAmple() {
        try {
            requireAmple();
            return true;
        } catch (StackOverflowError noRoom) {
            return false;
        }
    }

    private static long frame(long number, int below) {
        long all = below == 0 ? 0 : frame(number, below - 1);
        if ((number & RARELY) != 0) {
            return all;
        }
        long v000 = source, v001 = source, v002 = source, v003 = source, v004 = source, v005 = source;
        long v006 = source, v007 = source, v008 = source, v009 = source, v00a = source, v00b = source;
        long v00c = source, v00d = source, v00e = source, v00f = source, v010 = source, v011 = source;
        long v012 = source, v013 = source, v014 = source, v015 = source, v016 = source, v017 = source;
        long v018 = source, v019 = source, v01a = source, v01b = source, v01c = source, v01d = source;
        long v01e = source, v01f = source, v020 = source, v021 = source, v022 = source, v023 = source;
        long v024 = source, v025 = source, v026 = source, v027 = source, v028 = source, v029 = source;
        long v02a = source, v02b = source, v02c = source, v02d = source, v02e = source, v02f = source;
        long v030 = source, v031 = source, v032 = source, v033 = source, v034 = source, v035 = source;
        long v036 = source, v037 = source, v038 = source, v039 = source, v03a = source, v03b = source;
        long v03c = source, v03d = source, v03e = source, v03f = source, v040 = source, v041 = source;
        long v042 = source, v043 = source, v044 = source, v045 = source, v046 = source, v047 = source;
        long v048 = source, v049 = source, v04a = source, v04b = source, v04c = source, v04d = source;
        long v04e = source, v04f = source, v050 = source, v051 = source, v052 = source, v053 = source;
        long v054 = source, v055 = source, v056 = source, v057 = source, v058 = source, v059 = source;
        long v05a = source, v05b = source, v05c = source, v05d = source, v05e = source, v05f = source;
        long v060 = source, v061 = source, v062 = source, v063 = source, v064 = source, v065 = source;
        long v066 = source, v067 = source, v068 = source, v069 = source, v06a = source, v06b = source;
        long v06c = source, v06d = source, v06e = source, v06f = source, v070 = source, v071 = source;
        long v072 = source, v073 = source, v074 = source, v075 = source, v076 = source, v077 = source;
        long v078 = source, v079 = source, v07a = source, v07b = source, v07c = source, v07d = source;
        long v07e = source, v07f = source, v080 = source, v081 = source, v082 = source, v083 = source;
        long v084 = source, v085 = source, v086 = source, v087 = source, v088 = source, v089 = source;
        long v08a = source, v08b = source, v08c = source, v08d = source, v08e = source, v08f = source;
        long v090 = source, v091 = source, v092 = source, v093 = source, v094 = source, v095 = source;
        long v096 = source, v097 = source, v098 = source, v099 = source, v09a = source, v09b = source;
        long v09c = source, v09d = source, v09e = source, v09f = source, v0a0 = source, v0a1 = source;
        long v0a2 = source, v0a3 = source, v0a4 = source, v0a5 = source, v0a6 = source, v0a7 = source;
        long v0a8 = source, v0a9 = source, v0aa = source, v0ab = source, v0ac = source, v0ad = source;
        long v0ae = source, v0af = source, v0b0 = source, v0b1 = source, v0b2 = source, v0b3 = source;
        long v0b4 = source, v0b5 = source, v0b6 = source, v0b7 = source, v0b8 = source, v0b9 = source;
        long v0ba = source, v0bb = source, v0bc = source, v0bd = source, v0be = source, v0bf = source;
        long v0c0 = source, v0c1 = source, v0c2 = source, v0c3 = source, v0c4 = source, v0c5 = source;
        long v0c6 = source, v0c7 = source, v0c8 = source, v0c9 = source, v0ca = source, v0cb = source;
        long v0cc = source, v0cd = source, v0ce = source, v0cf = source, v0d0 = source, v0d1 = source;
        long v0d2 = source, v0d3 = source, v0d4 = source, v0d5 = source, v0d6 = source, v0d7 = source;
        long v0d8 = source, v0d9 = source, v0da = source, v0db = source, v0dc = source, v0dd = source;
        long v0de = source, v0df = source, v0e0 = source, v0e1 = source, v0e2 = source, v0e3 = source;
        long v0e4 = source, v0e5 = source, v0e6 = source, v0e7 = source, v0e8 = source, v0e9 = source;
        long v0ea = source, v0eb = source, v0ec = source, v0ed = source, v0ee = source, v0ef = source;
        long v0f0 = source, v0f1 = source, v0f2 = source, v0f3 = source, v0f4 = source, v0f5 = source;
        long v0f6 = source, v0f7 = source, v0f8 = source, v0f9 = source, v0fa = source, v0fb = source;
        long v0fc = source, v0fd = source, v0fe = source, v0ff = source, v100 = source, v101 = source;
        long v102 = source, v103 = source, v104 = source, v105 = source, v106 = source, v107 = source;
        long v108 = source, v109 = source, v10a = source, v10b = source, v10c = source, v10d = source;
        long v10e = source, v10f = source, v110 = source, v111 = source, v112 = source, v113 = source;
        long v114 = source, v115 = source, v116 = source, v117 = source, v118 = source, v119 = source;
        long v11a = source, v11b = source, v11c = source, v11d = source, v11e = source, v11f = source;
        long v120 = source, v121 = source, v122 = source, v123 = source, v124 = source, v125 = source;
        long v126 = source, v127 = source, v128 = source, v129 = source, v12a = source, v12b = source;
        long v12c = source, v12d = source, v12e = source, v12f = source, v130 = source, v131 = source;
        long v132 = source, v133 = source, v134 = source, v135 = source, v136 = source, v137 = source;
        long v138 = source, v139 = source, v13a = source, v13b = source, v13c = source, v13d = source;
        long v13e = source, v13f = source, v140 = source, v141 = source, v142 = source, v143 = source;
        long v144 = source, v145 = source, v146 = source, v147 = source, v148 = source, v149 = source;
        long v14a = source, v14b = source, v14c = source, v14d = source, v14e = source, v14f = source;
        long v150 = source, v151 = source, v152 = source, v153 = source, v154 = source, v155 = source;
        long v156 = source, v157 = source, v158 = source, v159 = source, v15a = source, v15b = source;
        long v15c = source, v15d = source, v15e = source, v15f = source, v160 = source, v161 = source;
        long v162 = source, v163 = source, v164 = source, v165 = source, v166 = source, v167 = source;
        long v168 = source, v169 = source, v16a = source, v16b = source, v16c = source, v16d = source;
        long v16e = source, v16f = source, v170 = source, v171 = source, v172 = source, v173 = source;
        long v174 = source, v175 = source, v176 = source, v177 = source, v178 = source, v179 = source;
        long v17a = source, v17b = source, v17c = source, v17d = source, v17e = source, v17f = source;
        int last = (int) v17f;
        all ^= mix(last, v000, v001, v002, v003, v004, v005, v006, v007, v008, v009, v00a, v00b);
        all ^= mix(last, v00c, v00d, v00e, v00f, v010, v011, v012, v013, v014, v015, v016, v017);
        all ^= mix(last, v018, v019, v01a, v01b, v01c, v01d, v01e, v01f, v020, v021, v022, v023);
        all ^= mix(last, v024, v025, v026, v027, v028, v029, v02a, v02b, v02c, v02d, v02e, v02f);
        all ^= mix(last, v030, v031, v032, v033, v034, v035, v036, v037, v038, v039, v03a, v03b);
        all ^= mix(last, v03c, v03d, v03e, v03f, v040, v041, v042, v043, v044, v045, v046, v047);
        all ^= mix(last, v048, v049, v04a, v04b, v04c, v04d, v04e, v04f, v050, v051, v052, v053);
        all ^= mix(last, v054, v055, v056, v057, v058, v059, v05a, v05b, v05c, v05d, v05e, v05f);
        all ^= mix(last, v060, v061, v062, v063, v064, v065, v066, v067, v068, v069, v06a, v06b);
        all ^= mix(last, v06c, v06d, v06e, v06f, v070, v071, v072, v073, v074, v075, v076, v077);
        all ^= mix(last, v078, v079, v07a, v07b, v07c, v07d, v07e, v07f, v080, v081, v082, v083);
        all ^= mix(last, v084, v085, v086, v087, v088, v089, v08a, v08b, v08c, v08d, v08e, v08f);
        all ^= mix(last, v090, v091, v092, v093, v094, v095, v096, v097, v098, v099, v09a, v09b);
        all ^= mix(last, v09c, v09d, v09e, v09f, v0a0, v0a1, v0a2, v0a3, v0a4, v0a5, v0a6, v0a7);
        all ^= mix(last, v0a8, v0a9, v0aa, v0ab, v0ac, v0ad, v0ae, v0af, v0b0, v0b1, v0b2, v0b3);
        all ^= mix(last, v0b4, v0b5, v0b6, v0b7, v0b8, v0b9, v0ba, v0bb, v0bc, v0bd, v0be, v0bf);
        all ^= mix(last, v0c0, v0c1, v0c2, v0c3, v0c4, v0c5, v0c6, v0c7, v0c8, v0c9, v0ca, v0cb);
        all ^= mix(last, v0cc, v0cd, v0ce, v0cf, v0d0, v0d1, v0d2, v0d3, v0d4, v0d5, v0d6, v0d7);
        all ^= mix(last, v0d8, v0d9, v0da, v0db, v0dc, v0dd, v0de, v0df, v0e0, v0e1, v0e2, v0e3);
        all ^= mix(last, v0e4, v0e5, v0e6, v0e7, v0e8, v0e9, v0ea, v0eb, v0ec, v0ed, v0ee, v0ef);
        all ^= mix(last, v0f0, v0f1, v0f2, v0f3, v0f4, v0f5, v0f6, v0f7, v0f8, v0f9, v0fa, v0fb);
        all ^= mix(last, v0fc, v0fd, v0fe, v0ff, v100, v101, v102, v103, v104, v105, v106, v107);
        all ^= mix(last, v108, v109, v10a, v10b, v10c, v10d, v10e, v10f, v110, v111, v112, v113);
        all ^= mix(last, v114, v115, v116, v117, v118, v119, v11a, v11b, v11c, v11d, v11e, v11f);
        all ^= mix(last, v120, v121, v122, v123, v124, v125, v126, v127, v128, v129, v12a, v12b);
        all ^= mix(last, v12c, v12d, v12e, v12f, v130, v131, v132, v133, v134, v135, v136, v137);
        all ^= mix(last, v138, v139, v13a, v13b, v13c, v13d, v13e, v13f, v140, v141, v142, v143);
        all ^= mix(last, v144, v145, v146, v147, v148, v149, v14a, v14b, v14c, v14d, v14e, v14f);
        all ^= mix(last, v150, v151, v152, v153, v154, v155, v156, v157, v158, v159, v15a, v15b);
        all ^= mix(last, v15c, v15d, v15e, v15f, v160, v161, v162, v163, v164, v165, v166, v167);
        all ^= mix(last, v168, v169, v16a, v16b, v16c, v16d, v16e, v16f, v170, v171, v172, v173);
        all ^= mix(last, v174, v175, v176, v177, v178, v179, v17a, v17b, v17c, v17d, v17e, v17f);
        return all;
    }

    private static long mix(int by, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j,
            long k,
            long l) {
        return rotateLeft(a, by) ^ rotateLeft(b, by) ^ rotateLeft(c, by) ^ rotateLeft(d, by) ^ rotateLeft(e, by)
                ^ rotateLeft(f, by) ^ rotateLeft(g, by) ^ rotateLeft(h, by) ^ rotateLeft(i, by) ^ rotateLeft(j, by)
                ^ rotateLeft(k, by) ^ rotateLeft(l, by);
    }
}
