package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.StrictRequests.End;
import io.sentinelgateway.gateway.StrictRequests.Reading;
import io.sentinelgateway.gateway.StrictRequests.Request;
import io.sentinelgateway.http.RequestTarget;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends requests that two readers could read differently, and compares what the origin server got
 * with a strict reading of what was sent: the gateway may refuse more, never less. Behind each of
 * them another client asks, over the same connection to the origin, and must get its own answer.
 *
 * <p>{@code -Dmutations=N} mutates more than the few of every build.
 */
class SmugglingTest {

  private static final int MUTATIONS = Integer.getInteger("mutations", 600);
  private static final long SEED = Long.getLong("seed", 20_261_123L);

  @TempDir Path folder;

  @Test
  void everyKnownCaseReachesTheOriginAsOneRequestOrNotAtAll() throws Exception {
    List<byte[]> cases = new ArrayList<>();
    for (String text : HostileRequests.CASES) {
      cases.add(HostileRequests.bytes(text));
    }
    judge(cases);
  }

  @Test
  void everyMutatedRequestReachesTheOriginAsItWasReadOrNotAtAll() throws Exception {
    List<byte[]> cases = new ArrayList<>();
    for (int i = 0; i < MUTATIONS; i++) {
      cases.add(HostileRequests.mutated(new Random(SEED + i)));
    }
    judge(cases);
  }

  private void judge(List<byte[]> cases) throws Exception {
    try (RecordingOrigin origin = new RecordingOrigin();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\","
                    + " timeouts: {header: 300ms, idle: 300ms}}}\n"
                    + GatewayFixture.upstream(origin.address())
                    + "routes: {all: {forward: {upstream: origin}}}\n")) {
      SoftAssertions all = new SoftAssertions();
      for (int i = 0; i < cases.size(); i++) {
        byte[] sent = cases.get(i);
        String own = "/victim-" + i;
        int answered = send(gateway, sent);
        String got = gateway.get(own).body();
        all.assertThatCode(() -> judge(sent, answered, own, got, origin.take()))
            .as(shown(own, sent))
            .doesNotThrowAnyException();
      }
      all.assertThat(origin.garbage()).isEmpty();
      all.assertAll();
    }
  }

  private static String shown(String own, byte[] sent) {
    return own + ": " + new String(sent, ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
  }

  private static void judge(
      byte[] sent, int answered, String own, String got, List<Request> origin) {
    assertThat(got).isEqualTo(own);
    List<Request> seen = new ArrayList<>(origin);
    assertThat(seen.remove(new Request("GET", own, ""))).isTrue();
    assertThat(answered).isGreaterThanOrEqualTo(seen.size());
    List<Request> read = StrictRequests.read(sent).requests();
    assertThat(seen).hasSizeLessThanOrEqualTo(read.size());
    for (int i = 0; i < seen.size(); i++) {
      Request request = read.get(i);
      assertThat(seen.get(i))
          .isEqualTo(new Request(request.method(), normal(request), request.content()));
    }
  }

  /** The number of answers with status 200. */
  private static int send(GatewayFixture gateway, byte[] sent) throws IOException {
    Reading expected = StrictRequests.read(sent);
    boolean untilClosed = expected.end() == End.ERROR || expected.end() == End.CLOSES;
    int good = 0;
    try (RawClient client = gateway.client()) {
      client.sendWhatIsTaken(sent);
      for (int i = 0; untilClosed || i < expected.requests().size(); ) {
        Answer answer = client.head();
        boolean head =
            i < expected.requests().size() && expected.requests().get(i).method().equals("HEAD");
        if (!head) {
          assertThat(client.withContent(answer).body()).doesNotContain("victim");
        }
        good += answer.status() == 200 ? 1 : 0;
        i += answer.status() < 200 ? 0 : 1;
      }
    } catch (EOFException e) {
      // Refused before its end, or closed behind its last answer.
      return good;
    }
    return good;
  }

  private static String normal(Request request) {
    RequestTarget target = RequestTarget.parse(request.target(), request.method(), false);
    return target.query() == null ? target.path() : target.path() + '?' + target.query();
  }
}
