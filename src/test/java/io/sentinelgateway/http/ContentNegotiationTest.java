package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accept, entity tags, ranges and dates. */
class ContentNegotiationTest {

  private static final List<String> TYPES = List.of("application/json", "text/html", "text/plain");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | application/json",
        "*/* | application/json",
        "text/* | text/html",
        "text/plain | text/plain",
        "TEXT/HTML,application/xhtml+xml,*/*;q=0.8 | text/html",
        "text/html;q=0.1, text/plain;q=0.2 | text/plain",
        "application/json;q=0, text/*;q=0.5, text/html;q=0 | text/plain",
        "*/*;q=0.1, text/plain;level=1;q=0.9 | text/plain",
        "image/png | application/json",
        "text/html;q=x | application/json",
        ",,; | application/json",
        "text/html;q=1.000, application/json;q=0.999 | text/html",
      })
  void choosesWhatTheClientLikesBest(String accept, String chosen) {
    assertThat(Accept.preferred(accept, TYPES)).isEqualTo(chosen);
  }

  @Test
  void readsEntityTags() {
    assertThat(EntityTag.parse("\"a\"")).contains(new EntityTag("a", false));
    assertThat(EntityTag.parse(" W/\"a,b\" ")).contains(new EntityTag("a,b", true));
    assertThat(EntityTag.parse("\"\"")).contains(new EntityTag("", false));
    assertThat(new EntityTag("x", true)).hasToString("W/\"x\"");
    for (String bad : List.of("", "a", "\"a", "w/\"a\"", "\"a\" x", "\"a b\"", "W/", "\"")) {
      assertThat(EntityTag.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void comparesEntityTagsWeaklyAndStrongly() {
    EntityTag strong = new EntityTag("a", false);
    EntityTag weak = new EntityTag("a", true);
    assertThat(strong.matchesWeakly("\"b\" , W/\"a\"")).isTrue();
    assertThat(strong.matchesStrongly("\"b\", W/\"a\"")).isFalse();
    assertThat(strong.matchesStrongly("W/\"a\",\"a\"")).isTrue();
    assertThat(weak.matchesStrongly("\"a\"")).isFalse();
    assertThat(weak.matchesWeakly("\"a\"")).isTrue();
    assertThat(weak.matchesStrongly(" * ")).isTrue();
    assertThat(strong.matchesWeakly("a, \"a\"")).isFalse();
    assertThat(strong.matchesWeakly("")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-9 | 0-9",
        "Bytes=0-0 | 0-0",
        "bytes=90- | 90-99",
        "bytes=-10 | 90-99",
        "bytes=-1000 | 0-99",
        "bytes=50-1000 | 50-99",
        "bytes=0-9, 20-29 , -5 | 0-9 20-29 95-99",
        "bytes=200-,0-1 | 0-1",
      })
  void resolvesRanges(String range, String expected) {
    ByteRanges ranges = ByteRanges.parse(range, 100);
    assertThat(ranges.kind()).isEqualTo(ByteRanges.Kind.PARTIAL);
    assertThat(ranges.ranges())
        .extracting(r -> r.first() + "-" + r.last())
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=9-0",
        "bytes=0-9,",
        "bytes=0-9-10",
        "lines=0-9",
        "bytes=0-9,5-15",
        "bytes=+1-2",
        "bytes=0-99999999999999999999",
        "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,28-28,30-30,32-32"
      })
  void sendsEverythingForAFieldThatIsMalformedOrGreedy(String range) {
    assertThat(ByteRanges.parse(range, 100).kind()).isEqualTo(ByteRanges.Kind.WHOLE);
  }

  @Test
  void cannotSatisfyARangeBeyondTheEnd() {
    assertThat(ByteRanges.parse("bytes=100-", 100).kind()).isEqualTo(ByteRanges.Kind.UNSATISFIABLE);
    assertThat(ByteRanges.parse("bytes=-0", 100).kind()).isEqualTo(ByteRanges.Kind.UNSATISFIABLE);
    assertThat(ByteRanges.parse("bytes=0-", 0).kind()).isEqualTo(ByteRanges.Kind.UNSATISFIABLE);
    assertThat(ByteRanges.parse("bytes=-5", 0).kind()).isEqualTo(ByteRanges.Kind.UNSATISFIABLE);
  }

  @Test
  void saysTheContentRange() {
    ByteRanges.ByteRange range = new ByteRanges.ByteRange(10, 19);
    assertThat(range.length()).isEqualTo(10);
    assertThat(range.contentRange(100)).isEqualTo("bytes 10-19/100");
  }

  @Test
  void writesAndReadsDates() {
    Instant moment = Instant.parse("1994-11-06T08:49:37Z");
    assertThat(HttpDate.format(moment)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    for (String date :
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994")) {
      assertThat(HttpDate.parse(date)).as(date).contains(moment);
    }
    for (int day = 0; day < 5000; day++) {
      Instant other = moment.plusSeconds(day * 86_461L);
      assertThat(HttpDate.parse(HttpDate.format(other))).contains(other);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "now",
        "Sun, 06 Nov 1994 08:49:37",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "1994-11-06T08:49:37Z"
      })
  void ignoresWhatIsNoDate(String date) {
    assertThat(HttpDate.parse(date)).isEmpty();
  }

  @Test
  void makesADateOnceASecond() {
    HttpDate date = new HttpDate();
    String first = date.at(784_111_777_000L);
    assertThat(first).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(date.at(784_111_777_999L)).isSameAs(first);
    assertThat(date.at(784_111_778_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
  }
}
