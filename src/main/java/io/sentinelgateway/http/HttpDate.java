package io.sentinelgateway.http;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * HTTP-date, RFC 9110 section 5.6.7. An instance keeps the text of the last second that was asked
 * for; it is confined to one event loop. The static methods are pure.
 */
public final class HttpDate {

  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private static final List<DateTimeFormatter> FORMS =
      List.of(
          form(new DateTimeFormatterBuilder().appendPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'")),
          form(
              new DateTimeFormatterBuilder()
                  .appendPattern("EEEE, dd-MMM-")
                  .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                  .appendPattern(" HH:mm:ss 'GMT'")),
          form(new DateTimeFormatterBuilder().appendPattern("EEE MMM ppd HH:mm:ss uuuu")));

  private long second = Long.MIN_VALUE;
  private String text = "";

  /** The date of a moment, made anew at most once a second. */
  public String at(long epochMillis) {
    long now = Math.floorDiv(epochMillis, 1000L);
    if (now != second) {
      text = format(Instant.ofEpochSecond(now));
      second = now;
    }
    return text;
  }

  /** IMF-fixdate: {@code Sun, 06 Nov 1994 08:49:37 GMT}. Years 0 to 9999. */
  public static String format(Instant moment) {
    ZonedDateTime t = moment.atZone(ZoneOffset.UTC);
    int day = (t.getDayOfWeek().getValue() - 1) * 3;
    int month = (t.getMonthValue() - 1) * 3;
    StringBuilder date = new StringBuilder(29).append(DAYS, day, day + 3).append(", ");
    two(date, t.getDayOfMonth()).append(' ').append(MONTHS, month, month + 3).append(' ');
    two(date, t.getYear() / 100);
    two(date, t.getYear() % 100).append(' ');
    two(date, t.getHour()).append(':');
    two(date, t.getMinute()).append(':');
    return two(date, t.getSecond()).append(" GMT").toString();
  }

  /**
   * Reads a date; empty when it is none, which conditional requests must ignore. IMF-fixdate, and
   * the two obsolete forms that a recipient must accept. Years of two digits are 1970 to 2069.
   */
  public static Optional<Instant> parse(String date) {
    for (DateTimeFormatter form : FORMS) {
      ParsePosition position = new ParsePosition(0);
      TemporalAccessor shape = form.parseUnresolved(date, position);
      if (shape != null && position.getIndex() == date.length()) {
        return resolved(form, date);
      }
    }
    return Optional.empty();
  }

  /** A date of the right shape may still be no date, such as the 30th of February. */
  private static Optional<Instant> resolved(DateTimeFormatter form, String date) {
    try {
      return Optional.of(LocalDateTime.parse(date, form).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static StringBuilder two(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private static DateTimeFormatter form(DateTimeFormatterBuilder builder) {
    return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
  }
}
