package io.ringfence.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which figures meet the targets, and which just do not. */
class QuestionTest {

    /** Names and figures one after the other. */
    private static Figures figures(Object... pairs) {
        Figures figures = new Figures();
        for (int i = 0; i < pairs.length; i += 2) {
            figures.add((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
        }
        return figures;
    }

    private static Stream<Arguments> boundaries() {
        return Stream.of(
                Arguments.of(Question.P1, 0, "point", 114.9, 115.1, new Object[] {"two lines", 100, "disruptor", 500}),
                Arguments.of(Question.P1, 1, "point", 499.9, 500.0, new Object[] {"two lines", 100, "disruptor", 500}),
                Arguments.of(Question.P2, 0, "ringfence", 40.0, 40.1, new Object[] {"disruptorMulti", 200}),
                Arguments.of(Question.P2, 1, "ringfence", 50.0, 50.1, new Object[] {"disruptorMulti", 200}),
                Arguments.of(Question.P3, 0, "ringfence", 8.0, 8.1, new Object[] {}),
                Arguments.of(Question.P4, 0, "ringfence", 50.0, 50.1, new Object[] {"disruptorMulti", 100}),
                Arguments.of(Question.P5, 0, "host", 450.0, 451.0, new Object[] {"point", 300, "device", 45}),
                Arguments.of(Question.P5, 1, "device", 40.0, 40.1, new Object[] {"point", 300, "host", 400}),
                Arguments.of(Question.P6, 0, "point API", 0.4, 0.6, new Object[] {"fence API", 32}),
                Arguments.of(Question.P6, 1, "fence API", 48.0, 56.0, new Object[] {"point API", 0}),
                Arguments.of(Question.P7, 0, "queue", 250.0, 251.0, new Object[] {"futures", 100}),
                Arguments.of(Question.P8, 0, "bytes", 1024.0, 1025.0,
                        new Object[] {"processor", 0, "create and close", 1}),
                Arguments.of(Question.P8, 1, "processor", 1000.0, 1001.0,
                        new Object[] {"bytes", 0, "create and close", 1}),
                Arguments.of(Question.P8, 2, "create and close", 1000.0, 1001.0,
                        new Object[] {"bytes", 0, "processor", 0}),
                Arguments.of(Question.P9, 0, "pinned", 0.0, 1.0, new Object[] {"points", 100, "park", 100}),
                Arguments.of(Question.P9, 1, "points", 125.0, 126.0, new Object[] {"pinned", 0, "park", 100}),
                Arguments.of(Question.P10, 0, "queues 10000", 200.0, 201.0, new Object[] {"queues 1", 100}),
                Arguments.of(Question.P11, 0, "entities 1000", 999.9, 1000.0,
                        new Object[] {"entities 10", 100, "entities 10000", 100}),
                Arguments.of(Question.P11, 1, "entities 1000", 600.0, 601.0,
                        new Object[] {"entities 10", 100, "entities 10000", 100}),
                Arguments.of(Question.P11, 2, "entities 10000", 269.0, 271.0,
                        new Object[] {"entities 10", 100, "entities 1000", 100}));
    }

    @ParameterizedTest(name = "{0} part {1}: {2} {3} is met, {4} is not")
    @MethodSource("boundaries")
    @DisplayName("each part of each target has its bound where performance.md has it")
    void parts(Question question, int part, String name, double met, double unmet, Object... others) {
        Figures good = figures(others);
        good.add(name, met);
        assertThat(question.parts(good).get(part).met()).isTrue();
        Figures bad = figures(others);
        bad.add(name, unmet);
        assertThat(question.parts(bad).get(part).met()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("everything that an answer needs is asked of a benchmark, also in a quick run")
    void complete(Question question) {
        Figures figures = new Figures();
        question.wanted(true).forEach(wanted -> figures.add(wanted.name(), 100));
        Answer answer = Answer.of(question, figures);
        assertThat(answer.ours()).isNotNaN();
        assertThat(answer.parts()).isNotEmpty().allSatisfy(part -> {
            assertThat(part.ours()).isNotNaN();
            assertThat(part.target()).isNotNaN();
        });
        assertThat(answer.peer() == null).isEqualTo(answer.peerName().isEmpty());
        assertThat(answer.peer()).satisfiesAnyOf(peer -> assertThat(peer).isNull(),
                peer -> assertThat(peer).isNotNaN());
        assertThat(answer.spread()).as("of one round").isNaN();
        assertThat(question.wanted(false)).containsAll(question.wanted(true)).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("an answer is met only if all its parts are; its figures are medians, its ratios those of the rounds")
    void answer() {
        Figures figures = figures("two lines", 100, "two lines", 300, "two lines", 290, "disruptor", 400, "fence", 1,
                "point", 110, "point", 350, "point", 260);
        Answer answer = Answer.of(Question.P1, figures);
        assertThat(answer.ours()).isEqualTo(260);
        assertThat(answer.limit()).isEqualTo(290);
        assertThat(answer.peer()).isEqualTo(400);
        assertThat(answer.spread()).isEqualTo(240.0 / 260);
        assertThat(answer.oursToLimit()).as("1.1, 1.17 and 0.9").isEqualTo(1.1);
        assertThat(answer.peerToOurs()).as("of the only round that has both").isEqualTo(400.0 / 110);
        assertThat(answer.met()).isTrue();
        figures.add("disruptor", 100);
        figures.add("disruptor", 100);
        assertThat(Answer.of(Question.P1, figures).met()).isFalse();
        assertThat(figures.ratio("point", "nothing")).isNaN();
    }
}
