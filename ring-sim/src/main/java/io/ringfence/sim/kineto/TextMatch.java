package io.ringfence.sim.kineto;

/** Compares characters in a parser's buffer with known words, so that no string is made of them. */
final class TextMatch {

    private TextMatch() {}

    static boolean equal(String word, char[] text, int offset, int length) {
        return word.length() == length && at(word, text, offset);
    }

    static boolean contains(String word, char[] text, int length) {
        for (int offset = 0; offset + word.length() <= length; offset++) {
            if (at(word, text, offset)) {
                return true;
            }
        }
        return false;
    }

    private static boolean at(String word, char[] text, int offset) {
        for (int i = 0; i < word.length(); i++) {
            if (text[offset + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
