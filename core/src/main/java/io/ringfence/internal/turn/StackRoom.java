package io.ringfence.internal.turn;

import static java.lang.Long.rotateLeft;

/**
 * Asks for room on the stack before anything is claimed or entered, so that a thread which is about to overflow its
 * stack learns it while nothing has changed yet.
 *
 * <p>HotSpot checks the stack when a method is entered: interpreted, for as much as its frame takes; compiled, for as much too, in whole
 * pages, for it may have to go on interpreted at any moment. The method here has locals for nineteen kilobytes, sixteen in whole pages: more
 * than everything of ours between a claim and the publication, or between entering a turn and leaving it, needs together. Most of them are
 * only declared, which costs nothing but the check. Some are used now and then, so that a frame takes three kilobytes also when compiled:
 * they are read from a volatile field and combined only after the last was read, so all of them are live at once. Where pages are larger,
 * or another machine may check for less, it calls itself twice. It is too long to be inlined.
 *
 * <p>Cost: a call that touches five pages of the stack; three calls where it calls itself.
 */
public final class StackRoom {

    /** How rarely the locals are used: every so many calls of a caller that passes consecutive numbers. */
    private static final long RARELY = 1023;

    /** Frames on top of each other: one where compiled code is known to be checked for as much as it takes interpreted. */
    private static final int FRAMES = isCheckedInSmallPages() ? 1 : 3;
    /** For what is done before room is required a second time, and for that. */
    private static final int AMPLE = FRAMES + 5;

    private static volatile long source;
    @SuppressWarnings("UnusedVariable") // keeps the results from being optimised away
    private static volatile long sink;

    /** Calls until the JIT knows what is used: the frames of code compiled before could be too short for being on top of each other. */
    private static final int FAMILIAR = 8000;

    static {
        for (int i = 0; i < FAMILIAR; i++) {
            sink = frame(i & 1, i >> 1 & 1);
        }
    }

    private StackRoom() {
    }

    private static boolean isCheckedInSmallPages() {
        String arch = System.getProperty("os.arch", "");
        return System.getProperty("java.vm.name", "").endsWith("Server VM")
                && (arch.equals("amd64") || arch.equals("x86_64"));
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

    @SuppressWarnings("UnusedVariable") // what counts is that they have places in the frame
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
        // Room only.
        long u000, u001, u002, u003, u004, u005, u006, u007, u008, u009, u00a, u00b, u00c, u00d, u00e, u00f;
        long u010, u011, u012, u013, u014, u015, u016, u017, u018, u019, u01a, u01b, u01c, u01d, u01e, u01f;
        long u020, u021, u022, u023, u024, u025, u026, u027, u028, u029, u02a, u02b, u02c, u02d, u02e, u02f;
        long u030, u031, u032, u033, u034, u035, u036, u037, u038, u039, u03a, u03b, u03c, u03d, u03e, u03f;
        long u040, u041, u042, u043, u044, u045, u046, u047, u048, u049, u04a, u04b, u04c, u04d, u04e, u04f;
        long u050, u051, u052, u053, u054, u055, u056, u057, u058, u059, u05a, u05b, u05c, u05d, u05e, u05f;
        long u060, u061, u062, u063, u064, u065, u066, u067, u068, u069, u06a, u06b, u06c, u06d, u06e, u06f;
        long u070, u071, u072, u073, u074, u075, u076, u077, u078, u079, u07a, u07b, u07c, u07d, u07e, u07f;
        long u080, u081, u082, u083, u084, u085, u086, u087, u088, u089, u08a, u08b, u08c, u08d, u08e, u08f;
        long u090, u091, u092, u093, u094, u095, u096, u097, u098, u099, u09a, u09b, u09c, u09d, u09e, u09f;
        long u0a0, u0a1, u0a2, u0a3, u0a4, u0a5, u0a6, u0a7, u0a8, u0a9, u0aa, u0ab, u0ac, u0ad, u0ae, u0af;
        long u0b0, u0b1, u0b2, u0b3, u0b4, u0b5, u0b6, u0b7, u0b8, u0b9, u0ba, u0bb, u0bc, u0bd, u0be, u0bf;
        long u0c0, u0c1, u0c2, u0c3, u0c4, u0c5, u0c6, u0c7, u0c8, u0c9, u0ca, u0cb, u0cc, u0cd, u0ce, u0cf;
        long u0d0, u0d1, u0d2, u0d3, u0d4, u0d5, u0d6, u0d7, u0d8, u0d9, u0da, u0db, u0dc, u0dd, u0de, u0df;
        long u0e0, u0e1, u0e2, u0e3, u0e4, u0e5, u0e6, u0e7, u0e8, u0e9, u0ea, u0eb, u0ec, u0ed, u0ee, u0ef;
        long u0f0, u0f1, u0f2, u0f3, u0f4, u0f5, u0f6, u0f7, u0f8, u0f9, u0fa, u0fb, u0fc, u0fd, u0fe, u0ff;
        long u100, u101, u102, u103, u104, u105, u106, u107, u108, u109, u10a, u10b, u10c, u10d, u10e, u10f;
        long u110, u111, u112, u113, u114, u115, u116, u117, u118, u119, u11a, u11b, u11c, u11d, u11e, u11f;
        long u120, u121, u122, u123, u124, u125, u126, u127, u128, u129, u12a, u12b, u12c, u12d, u12e, u12f;
        long u130, u131, u132, u133, u134, u135, u136, u137, u138, u139, u13a, u13b, u13c, u13d, u13e, u13f;
        long u140, u141, u142, u143, u144, u145, u146, u147, u148, u149, u14a, u14b, u14c, u14d, u14e, u14f;
        long u150, u151, u152, u153, u154, u155, u156, u157, u158, u159, u15a, u15b, u15c, u15d, u15e, u15f;
        long u160, u161, u162, u163, u164, u165, u166, u167, u168, u169, u16a, u16b, u16c, u16d, u16e, u16f;
        long u170, u171, u172, u173, u174, u175, u176, u177, u178, u179, u17a, u17b, u17c, u17d, u17e, u17f;
        long u180, u181, u182, u183, u184, u185, u186, u187, u188, u189, u18a, u18b, u18c, u18d, u18e, u18f;
        long u190, u191, u192, u193, u194, u195, u196, u197, u198, u199, u19a, u19b, u19c, u19d, u19e, u19f;
        long u1a0, u1a1, u1a2, u1a3, u1a4, u1a5, u1a6, u1a7, u1a8, u1a9, u1aa, u1ab, u1ac, u1ad, u1ae, u1af;
        long u1b0, u1b1, u1b2, u1b3, u1b4, u1b5, u1b6, u1b7, u1b8, u1b9, u1ba, u1bb, u1bc, u1bd, u1be, u1bf;
        long u1c0, u1c1, u1c2, u1c3, u1c4, u1c5, u1c6, u1c7, u1c8, u1c9, u1ca, u1cb, u1cc, u1cd, u1ce, u1cf;
        long u1d0, u1d1, u1d2, u1d3, u1d4, u1d5, u1d6, u1d7, u1d8, u1d9, u1da, u1db, u1dc, u1dd, u1de, u1df;
        long u1e0, u1e1, u1e2, u1e3, u1e4, u1e5, u1e6, u1e7, u1e8, u1e9, u1ea, u1eb, u1ec, u1ed, u1ee, u1ef;
        long u1f0, u1f1, u1f2, u1f3, u1f4, u1f5, u1f6, u1f7, u1f8, u1f9, u1fa, u1fb, u1fc, u1fd, u1fe, u1ff;
        long u200, u201, u202, u203, u204, u205, u206, u207, u208, u209, u20a, u20b, u20c, u20d, u20e, u20f;
        long u210, u211, u212, u213, u214, u215, u216, u217, u218, u219, u21a, u21b, u21c, u21d, u21e, u21f;
        long u220, u221, u222, u223, u224, u225, u226, u227, u228, u229, u22a, u22b, u22c, u22d, u22e, u22f;
        long u230, u231, u232, u233, u234, u235, u236, u237, u238, u239, u23a, u23b, u23c, u23d, u23e, u23f;
        long u240, u241, u242, u243, u244, u245, u246, u247, u248, u249, u24a, u24b, u24c, u24d, u24e, u24f;
        long u250, u251, u252, u253, u254, u255, u256, u257, u258, u259, u25a, u25b, u25c, u25d, u25e, u25f;
        long u260, u261, u262, u263, u264, u265, u266, u267, u268, u269, u26a, u26b, u26c, u26d, u26e, u26f;
        long u270, u271, u272, u273, u274, u275, u276, u277, u278, u279, u27a, u27b, u27c, u27d, u27e, u27f;
        long u280, u281, u282, u283, u284, u285, u286, u287, u288, u289, u28a, u28b, u28c, u28d, u28e, u28f;
        long u290, u291, u292, u293, u294, u295, u296, u297, u298, u299, u29a, u29b, u29c, u29d, u29e, u29f;
        long u2a0, u2a1, u2a2, u2a3, u2a4, u2a5, u2a6, u2a7, u2a8, u2a9, u2aa, u2ab, u2ac, u2ad, u2ae, u2af;
        long u2b0, u2b1, u2b2, u2b3, u2b4, u2b5, u2b6, u2b7, u2b8, u2b9, u2ba, u2bb, u2bc, u2bd, u2be, u2bf;
        long u2c0, u2c1, u2c2, u2c3, u2c4, u2c5, u2c6, u2c7, u2c8, u2c9, u2ca, u2cb, u2cc, u2cd, u2ce, u2cf;
        long u2d0, u2d1, u2d2, u2d3, u2d4, u2d5, u2d6, u2d7, u2d8, u2d9, u2da, u2db, u2dc, u2dd, u2de, u2df;
        long u2e0, u2e1, u2e2, u2e3, u2e4, u2e5, u2e6, u2e7, u2e8, u2e9, u2ea, u2eb, u2ec, u2ed, u2ee, u2ef;
        long u2f0, u2f1, u2f2, u2f3, u2f4, u2f5, u2f6, u2f7, u2f8, u2f9, u2fa, u2fb, u2fc, u2fd, u2fe, u2ff;
        long u300, u301, u302, u303, u304, u305, u306, u307, u308, u309, u30a, u30b, u30c, u30d, u30e, u30f;
        long u310, u311, u312, u313, u314, u315, u316, u317, u318, u319, u31a, u31b, u31c, u31d, u31e, u31f;
        long u320, u321, u322, u323, u324, u325, u326, u327, u328, u329, u32a, u32b, u32c, u32d, u32e, u32f;
        long u330, u331, u332, u333, u334, u335, u336, u337, u338, u339, u33a, u33b, u33c, u33d, u33e, u33f;
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
