package io.sentinelgateway.spread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tables that picks are read from. */
class SpreadTest {

  private static int[] counts(IntStream owners, int choices) {
    int[] counts = new int[choices];
    owners.forEach(owner -> counts[owner]++);
    return counts;
  }

  @Test
  void turnsAreSmoothAndAsManyAsNeeded() {
    assertThat(Turns.of(new int[] {5, 1, 1})).containsExactly(0, 0, 1, 0, 2, 0, 0);
    assertThat(Turns.of(new int[] {10, 2, 2})).hasSize(7);
    assertThat(Turns.of(new int[0])).isEmpty();
  }

  @Test
  void turnsOfVeryUnevenWeightsAreBounded() {
    int[] weights = IntStream.rangeClosed(1, 1000).toArray();
    int[] turns = Turns.of(weights);
    assertThat(turns.length).isBetween(3500, 5000);
    assertThat(counts(Arrays.stream(turns), 1000)).doesNotContain(0);
  }

  @Test
  void aliasTableDrawsByWeight() {
    AliasTable table = AliasTable.of(new int[] {1000, 1, 499});
    SplittableRandom random = new SplittableRandom(1);
    int[] counts = counts(IntStream.range(0, 1_500_000).map(i -> table.draw(random)), 3);
    assertThat(counts[0]).isBetween(995_000, 1_005_000);
    assertThat(counts[1]).isBetween(850, 1150);
    assertThat(counts[2]).isBetween(495_000, 503_000);
  }

  @Test
  void maglevFillsItsTableByWeight() {
    MaglevTable table = MaglevTable.of(List.of("a", "b", "c"), new int[] {5, 3, 2}, 65537);
    int[] counts = counts(IntStream.range(0, 65537).map(table::owner), 3);
    assertThat(counts[0]).isBetween(32760, 32775);
    assertThat(counts[1]).isBetween(19655, 19667);
    assertThat(counts[2]).isBetween(13100, 13115);
  }

  /** Points and places computed by the rules of libketama, with another program. */
  @Test
  void ringIsTheOneOfKetama() {
    List<String> names = List.of("10.0.1.1:11211", "10.0.1.2:11211", "10.0.1.3:11211");
    KetamaRing ring = KetamaRing.of(names, new int[] {600, 300, 100}, 160);
    assertThat(ring.size()).isEqualTo(480);
    assertThat(IntStream.range(0, 24).map(i -> ring.owner(ring.pointAt(ring.place("key" + i)))))
        .containsExactly(0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0);
  }

  @Test
  void ringIsBounded() {
    List<String> names = IntStream.range(0, 1000).mapToObj(i -> "t" + i).toList();
    int[] weights = new int[1000];
    Arrays.fill(weights, 1);
    assertThat(KetamaRing.of(names, weights, 4096).size()).isBetween(1_000_000, 1 << 20);
  }
}
