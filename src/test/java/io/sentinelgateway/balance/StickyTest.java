package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.target.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client stays where it was, and cannot choose where that is. */
class StickyTest {

  private static final String KEY = "type: sticky, key: 0123456789abcdef";

  private final SimulatedLoop loop = new SimulatedLoop(1);
  private final List<Target> targets = Balancing.equalTargets(10);
  private final Picker picker = Balancing.of(KEY).picker(targets);

  private Asked client(String scheme, String cookies) {
    Asked asked = Asked.of(1, scheme, "/", "", loop);
    if (!cookies.isEmpty()) {
      asked.exchange().head().fields().set("Cookie", cookies);
    }
    return asked;
  }

  /** The Set-Cookie lines of the answer that this target gives. */
  private static List<String> told(Asked asked, Target target) {
    Exchange exchange = asked.exchange();
    exchange.record().upstream = target.key().upstream();
    exchange.record().target = target.name();
    exchange.runHooks();
    return exchange.response().fields().getAll("Set-Cookie");
  }

  /** The cookie of a client that was sent to this target. */
  private String cookie(Target target) {
    Asked asked = client("http", "").among(target::equals);
    assertThat(picker.pick(asked)).isSameAs(target);
    return told(asked, target).get(0).split(";", 2)[0];
  }

  @Test
  void sendsAClientWhereItWas() {
    for (Target target : targets) {
      Asked again = client("http", "a=b; " + cookie(target) + "; c=d");
      assertThat(picker.pick(again)).isSameAs(target);
      assertThat(told(again, target)).isEmpty();
    }
  }

  @Test
  void isUnderstoodByAReplicaWithTheSameKeyOnly() {
    String cookie = cookie(targets.get(4));
    Picker replica = Balancing.of(KEY).picker(targets);
    assertThat(replica.pick(client("http", cookie))).isSameAs(targets.get(4));
    Picker stranger = Balancing.of("type: sticky, key: fedcba9876543210").picker(targets);
    Asked asked = client("http", cookie);
    Target picked = stranger.pick(asked);
    assertThat(told(asked, picked)).hasSize(1).noneMatch(line -> line.startsWith(cookie));
  }

  @Test
  void protectsItsCookie() {
    Asked plain = client("http", "");
    Target target = picker.pick(plain);
    assertThat(told(plain, target).get(0))
        .matches("sentinel-target=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax")
        .doesNotContain(target.name());
    Asked secure = client("https", "");
    assertThat(told(secure, picker.pick(secure)).get(0))
        .endsWith("; HttpOnly; SameSite=Lax; Secure");
  }

  @Test
  void writesWhatTheSettingsSay() {
    Picker other =
        Balancing.of(KEY + ", cookie: node, path: /app, max-age: 1h, same-site: strict")
            .picker(targets);
    Asked asked = client("http", "");
    assertThat(told(asked, other.pick(asked)).get(0))
        .matches("node=[^;]+; Path=/app; Max-Age=3600; HttpOnly; SameSite=Strict");
  }

  @Test
  void doesNotBelieveACookieThatWasChanged() {
    String cookie = cookie(targets.get(2));
    char last = cookie.charAt(cookie.length() - 1);
    String forged = cookie.substring(0, cookie.length() - 1) + (last == 'A' ? 'E' : 'A');
    for (String wrong :
        List.of(forged, cookie + "x", cookie.substring(0, 30), "sentinel-target=", "x=y")) {
      Asked asked = client("http", wrong);
      assertThat(told(asked, picker.pick(asked))).hasSize(1);
    }
  }

  @Test
  void sendsElsewhereWhenTheTargetIsOutAndSaysSo() {
    Target gone = targets.get(6);
    Asked asked = client("http", cookie(gone)).among(t -> !t.equals(gone));
    Target now = picker.pick(asked);
    assertThat(now).isNotNull().isNotSameAs(gone);
    assertThat(told(asked, now)).hasSize(1);
    assertThat(told(asked, now).get(0)).startsWith(cookie(now));
  }

  @Test
  void tellsOnceWhichTargetAnsweredInTheEnd() {
    Asked asked = client("http", "");
    Target first = picker.pick(asked);
    Target second = picker.pick(asked.among(t -> !t.equals(first)));
    assertThat(told(asked, second)).hasSize(1);
    assertThat(told(asked, second).get(0)).startsWith(cookie(second));
  }

  @Test
  void anAnswerOfAnotherUpstreamMakesNobodyStick() {
    Asked asked = client("http", "");
    Exchange exchange = asked.exchange();
    exchange.record().target = picker.pick(asked).name();
    exchange.record().upstream = "the-one-that-is-not-mirrored";
    exchange.runHooks();
    assertThat(exchange.response().fields().contains("Set-Cookie")).isFalse();
  }

  @Test
  void anErrorOfOursMakesNobodyStick() {
    Asked asked = client("http", "");
    Target target = picker.pick(asked);
    asked.exchange().record().error = ProxyError.of(ProxyError.Cause.UPSTREAM_RESET, "");
    assertThat(told(asked, target)).isEmpty();
  }
}
