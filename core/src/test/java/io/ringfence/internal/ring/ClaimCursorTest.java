package io.ringfence.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.ringfence.internal.timeline.TimelineState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ClaimCursorTest {
    private final TimelineState timeline = new TimelineState(4);
    private final ClaimCursor cursor = new ClaimCursor(timeline, 4);

    @Test
    void seqnosBeginWithOneAndFollowEachOther() {
        assertThat(cursor.claim(1)).isEqualTo(1);
        assertThat(cursor.claim(2)).isEqualTo(2);
        assertThat(cursor.claim(1)).isEqualTo(4);
        assertThat(cursor.claimedVolatile()).isEqualTo(4);
    }

    @Test
    void aFullRingRefusesUntilTheTimelineAdvances() {
        assertThat(cursor.claim(4)).isEqualTo(1);
        assertThat(cursor.claim(1)).isEqualTo(ClaimCursor.FULL);
        timeline.signaledVolatile(2);
        assertThat(cursor.claim(3)).isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claim(2)).isEqualTo(5);
        assertThat(cursor.claim(1)).isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claimedVolatile()).isEqualTo(6);
    }

    @Test
    void aClosedCursorRefusesAndKeepsItsNumber() {
        cursor.claim(3);
        assertThat(cursor.close()).isTrue();
        assertThat(cursor.close()).isFalse();
        assertThat(cursor.claim(1)).isEqualTo(ClaimCursor.CLOSED);
        assertThat(cursor.claimedVolatile()).isEqualTo(3);
        assertThat(cursor.closedVolatile()).isTrue();
    }

    @Test
    void whoClosesFirstIsToldSoAlsoBeforeTheFirstClaim() {
        assertThat(cursor.close()).isTrue();
        assertThat(cursor.close()).isFalse();
        assertThat(cursor.claimedVolatile()).isZero();
    }

    @Test
    void closedCountsMoreThanFull() {
        cursor.claim(4);
        cursor.close();
        assertThat(cursor.claim(1)).isEqualTo(ClaimCursor.CLOSED);
    }

    @Test
    void isNotClosedBeforeItIs() {
        assertThat(cursor.closedVolatile()).isFalse();
        cursor.claim(4);
        assertThat(cursor.closedVolatile()).isFalse();
        cursor.close();
        assertThat(cursor.closedVolatile()).isTrue();
    }

    @Test
    void aClaimOfSeveralNeedsRoomForAllOfThem() {
        assertThat(cursor.claim(5)).isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claim(3)).isEqualTo(1);
        assertThat(cursor.claim(2)).isEqualTo(ClaimCursor.FULL);
        timeline.signaledVolatile(1);
        assertThat(cursor.claim(2)).isEqualTo(4);
        assertThat(cursor.depth(5)).as("the copy that the refused claim has taken").isEqualTo(4);
    }

    @Test
    void aClaimAtAPlaceIsForTheNextPlaceOnly() {
        assertThat(cursor.claimAt(1, 2)).isEqualTo(1);
        assertThat(cursor.claimAt(1, 1)).as("others were quicker").isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claimAt(4, 1)).as("beyond the next").isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claimAt(3, 3)).as("no room for the third").isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claimAt(3, 2)).isEqualTo(3);
        assertThat(cursor.claimedVolatile()).isEqualTo(4);
        timeline.signaledVolatile(3);
        assertThat(cursor.claimAt(5, 4)).isEqualTo(ClaimCursor.FULL);
        assertThat(cursor.claimAt(5, 3)).isEqualTo(5);
        cursor.close();
        assertThat(cursor.claimAt(8, 1)).isEqualTo(ClaimCursor.CLOSED);
        assertThat(cursor.claimedVolatile()).isEqualTo(7);
    }

    @Test
    void roomIsWhatCanBeClaimed() {
        assertThat(cursor.room()).isEqualTo(4);
        cursor.claim(3);
        assertThat(cursor.room()).isEqualTo(1);
        timeline.signaledVolatile(2);
        assertThat(cursor.room()).isEqualTo(3);
        assertThat(cursor.depth(3)).as("the copy is as fresh").isEqualTo(1);
        cursor.claim(3);
        assertThat(cursor.room()).isZero();
    }

    @Test
    void depthIsAnUpperBoundThatRefreshTightens() {
        cursor.claim(3);
        timeline.signaledVolatile(2);
        assertThat(cursor.depth(3)).isEqualTo(3);
        cursor.refresh();
        assertThat(cursor.depth(3)).isEqualTo(1);
    }

    @Test
    void claimsOfManyThreadsAreUniqueAndWithoutGaps() throws Exception {
        var wide = new ClaimCursor(new TimelineState(1 << 20), 1 << 20);
        List<List<Long>> claims = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            var mine = new ArrayList<Long>();
            claims.add(mine);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    mine.add(wide.claim(1));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(claims).allSatisfy(mine -> assertThat(mine).isSorted());
        assertThat(claims.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray())
                .isEqualTo(LongStream.rangeClosed(1, 200_000).toArray());
    }

    @Test
    @DisplayName("H13: close and claim are one order: what was claimed before is counted, nothing after")
    void closeBesideClaim() throws Exception {
        for (int round = 0; round < 200; round++) {
            var contended = new ClaimCursor(new TimelineState(1 << 20), 1 << 20);
            var claimed = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    while (contended.claim(1) > 0) {
                        claimed.incrementAndGet();
                    }
                }));
            }
            while (contended.claimedVolatile() < 3) {
                Thread.onSpinWait();
            }
            contended.close();
            long atClose = contended.claimedVolatile();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(claimed).hasValue(atClose);
        }
    }
}
