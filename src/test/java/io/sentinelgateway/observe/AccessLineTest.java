package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.ClientCertificate;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.tls.TestAuthority;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one line says, whatever a client has sent. */
class AccessLineTest {

  private static final long ENDED = 1_764_000_000_123L;

  private final AccessEntry entry = new AccessEntry();
  private final ExchangeRecord record = new ExchangeRecord();

  @Test
  void saysWhatHappenedInTheWordsOfTheConfiguration() throws Exception {
    fill(client("192.0.2.7", "10.0.0.1"));
    record.error = ProxyError.of(ProxyError.Cause.UPSTREAM_TIMEOUT, "after 15s");
    entry.record(record, ENDED);
    JsonObject line = write();
    assertThat(line.getMap())
        .containsEntry("id", "abc")
        .containsEntry("client", "192.0.2.7")
        .containsEntry("peer", "10.0.0.1")
        .containsEntry("method", "POST")
        .containsEntry("target", "/a?b=c")
        .containsEntry("host", "shop.example")
        .containsEntry("protocol", "HTTP/1.1")
        .containsEntry("status", 504)
        .containsEntry("reason", "upstream_timeout")
        .containsEntry("detail", "after 15s")
        .containsEntry("listener", "web")
        .containsEntry("route", "checkout")
        .containsEntry("upstream", "shop")
        .containsEntry("server", "10.0.1.10:8080")
        .containsEntry("attempts", 2)
        .containsEntry("request-bytes", 10)
        .containsEntry("response-bytes", 20)
        .containsEntry("user-agent", "curl/8")
        .containsEntry("referer", "https://shop.example/");
  }

  @Test
  void everyMemberStandsOnTheReferencePage() throws Exception {
    fill(client("192.0.2.7", "10.0.0.1"));
    record.error = ProxyError.of(ProxyError.Cause.UPSTREAM_TIMEOUT, "after 15s");
    entry.record(record, ENDED);
    String page = Files.readString(Path.of("docs/reference/access-log.md"));
    JsonObject line = write();
    assertThat(line.fieldNames()).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    assertThat(line.getJsonObject("ms").fieldNames())
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  @Test
  void saysWhoTheClientHasProvedToBe() throws Exception {
    X509Certificate alice =
        new TestAuthority("authority").client("alice", Instant.EPOCH).certificate();
    fill(client("192.0.2.7", "10.0.0.1").showing(new ClientCertificate(alice)));
    entry.record(record, ENDED);
    assertThat(write().getString("subject")).isEqualTo("CN=alice");
    entry.clear();
    fill(client("192.0.2.7", "10.0.0.1"));
    entry.record(record, ENDED);
    assertThat(write().containsKey("subject")).isFalse();
  }

  @Test
  void givesTheMomentTheRequestBeganInUtc() throws Exception {
    fill(client("192.0.2.7", "192.0.2.7"));
    entry.record(record, ENDED);
    // 2025-11-24T16:00:00.123Z, less the 50 ms that the request took.
    assertThat(write().getString("time")).isEqualTo("2025-11-24T16:00:00.073Z");
  }

  @Test
  void timesEachPhaseInMilliseconds() throws Exception {
    fill(client("192.0.2.7", "192.0.2.7"));
    entry.record(record, ENDED);
    JsonObject ms = write().getJsonObject("ms");
    assertThat(ms.getMap())
        .containsEntry("total", 50.0)
        .containsEntry("connect", 1.5)
        .containsEntry("send", 0.25)
        .containsEntry("wait", 40.0)
        .containsEntry("head", 0.007)
        .containsEntry("body", 8.243);
  }

  @Test
  void leavesOutWhatThereIsNot() throws Exception {
    entry.request("GET", "/", HttpVersion.HTTP_2, client("::1", "::1"));
    ExchangeRecord refused = new ExchangeRecord();
    refused.startedNanos = 5;
    refused.endedNanos = 5;
    entry.record(refused, ENDED);
    JsonObject line = write();
    assertThat(line.fieldNames())
        .doesNotContain("peer", "reason", "detail", "route", "upstream", "server", "host")
        .doesNotContain("user-agent", "referer");
    assertThat(line.getJsonObject("ms").fieldNames()).containsExactly("total");
    assertThat(line.getString("protocol")).isEqualTo("HTTP/2");
    assertThat(line.getString("client")).isEqualTo("0:0:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"},{\"id\":\"forged\"",
        "back\\slash \\u0041 /",
        "line\nend\r\n and \u0000 nul \u0007 bell \u001b[2J escape \u007f del \u009b csi",
        "\u2028 and \u2029",
        "ünïcödé € 漢字 😀 \ud83d\ude00"
      })
  void keepsHostileTextInsideItsString(String text) throws Exception {
    assertThat(agent(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83dz", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
  void replacesHalvesOfSurrogatePairs(String text) throws Exception {
    String expected = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
    assertThat(agent(text)).isEqualTo(expected);
  }

  @Test
  void staysOneLineOfJsonForAnyText() throws Exception {
    Random random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      int length = random.nextInt(300);
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < length; c++) {
        text.append((char) random.nextInt(random.nextBoolean() ? 256 : 65_536));
      }
      String sent = text.toString();
      String kept = new String(sent.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
      assertThat(agent(sent)).isEqualTo(kept);
    }
  }

  @Test
  void cutsWhatIsTooLong() throws Exception {
    String huge = "\u0001".repeat(1_000_000);
    entry.request(huge, huge, HttpVersion.HTTP_1_1, client("::1", "::1"));
    entry.fields(huge, huge, huge);
    JsonObject line = write();
    assertThat(line.getString("target")).hasSize(AccessEntry.MAX_TARGET + 1).endsWith("…");
    assertThat(line.getString("user-agent")).hasSize(AccessEntry.MAX_USER_AGENT + 1);
    assertThat(line.getString("referer")).hasSize(AccessEntry.MAX_REFERER + 1);
    assertThat(line.getString("host")).hasSize(AccessEntry.MAX_WORD + 1);
    assertThat(line.getString("method")).hasSize(AccessEntry.MAX_WORD + 1);
  }

  @Test
  void keepsNothingOfARequestThatWasWritten() throws Exception {
    fill(client("192.0.2.7", "10.0.0.1"));
    entry.record(record, ENDED);
    entry.clear();
    assertThat(entry)
        .usingRecursiveComparison()
        .comparingOnlyFields("method", "target", "host", "userAgent", "referer", "client", "peer")
        .isEqualTo(new AccessEntry());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void writesAnyNumber(long number) {
    JsonLine line = new JsonLine(16);
    line.begin().number("n", number).endLine();
    assertThat(new String(line.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":" + number + "}\n");
  }

  private String agent(String text) throws Exception {
    entry.request("GET", "/", HttpVersion.HTTP_1_1, client("::1", "::1"));
    entry.fields(null, text, null);
    return write().getString("user-agent");
  }

  private void fill(Client client) {
    entry.request("POST", "/a?b=c", HttpVersion.HTTP_1_1, client);
    entry.fields("shop.example", "curl/8", "https://shop.example/");
    record.requestId = "abc";
    record.listener = "web";
    record.route = "checkout";
    record.upstream = "shop";
    record.target = "10.0.1.10:8080";
    record.status = 504;
    record.attempts = 2;
    record.requestBytes = 10;
    record.responseBytes = 20;
    record.startedNanos = 1_000;
    record.connectedNanos = record.startedNanos + TimeUnit.MICROSECONDS.toNanos(1_500);
    record.sentNanos = record.connectedNanos + TimeUnit.MICROSECONDS.toNanos(250);
    record.answeredNanos = record.sentNanos + TimeUnit.MILLISECONDS.toNanos(40);
    record.headNanos = record.answeredNanos + TimeUnit.MICROSECONDS.toNanos(7);
    record.endedNanos = record.startedNanos + TimeUnit.MILLISECONDS.toNanos(50);
  }

  private JsonObject write() {
    JsonLine line = new JsonLine(64);
    new AccessLine().write(entry, line);
    String text = new String(line.toBytes(), StandardCharsets.UTF_8);
    assertThat(text).endsWith("}\n");
    assertThat(text.substring(0, text.length() - 1)).doesNotMatch("(?s).*[\\p{Cntrl}\\u2028].*");
    return new JsonObject(text);
  }

  private static Client client(String address, String peer) throws Exception {
    InetAddress from = InetAddress.getByName(peer);
    return new Client(from, 1234, InetAddress.getByName(address), true, false);
  }
}
