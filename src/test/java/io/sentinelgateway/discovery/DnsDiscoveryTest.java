package io.sentinelgateway.discovery;

import static io.sentinelgateway.discovery.ScriptedDns.A;
import static io.sentinelgateway.discovery.ScriptedDns.AAAA;
import static io.sentinelgateway.discovery.ScriptedDns.NXDOMAIN;
import static io.sentinelgateway.discovery.ScriptedDns.SERVFAIL;
import static io.sentinelgateway.discovery.ScriptedDns.SRV;
import static io.sentinelgateway.discovery.ScriptedDns.alias;
import static io.sentinelgateway.discovery.ScriptedDns.ip;
import static io.sentinelgateway.discovery.ScriptedDns.srv;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the answers of name servers, and of none. */
class DnsDiscoveryTest {

  private static final String SHOP = "shop.internal";
  private static final String SERVICE = "_http._tcp.shop.internal";

  private final ScriptedDns dns = new ScriptedDns();

  @AfterEach
  void close() throws Exception {
    dns.close();
  }

  private String settings(String more) {
    return "{type: dns, name: \"shop.internal:8080\", servers: [\"%s\"], timeout: 200ms, %s}"
        .formatted(dns.address(), "min-refresh: 100ms, max-refresh: 300ms" + more);
  }

  private String service() {
    return settings("").replace("shop.internal:8080", SERVICE).replace("}", ", record: srv}");
  }

  @Test
  void makesEveryAddressOfBothFamiliesATarget() {
    dns.answer(SHOP, A, ip(60, "10.0.0.2"), ip(60, "10.0.0.1"));
    dns.answer(SHOP, AAAA, ip(60, "2001:db8::1"));
    try (Followed source = Followed.source(settings(""))) {
      source.finds("10.0.0.1:8080 1 0", "10.0.0.2:8080 1 0", "[2001:db8::1]:8080 1 0");
      assertThat(source.failures()).isEmpty();
    }
  }

  @Test
  void asksForOneFamilyAloneIfToldSo() {
    dns.answer(SHOP, A, ip(60, "10.0.0.1"));
    dns.answer(SHOP, AAAA, ip(60, "2001:db8::1"));
    try (Followed source = Followed.source(settings(", family: ipv6"))) {
      source.finds("[2001:db8::1]:8080 1 0");
    }
  }

  @Test
  void asksAgainWhenTheAnswerHasExpired() {
    dns.answer(SHOP, A, ip(0, "10.0.0.1"));
    try (Followed source = Followed.source(settings(""))) {
      source.finds("10.0.0.1:8080 1 0");
      dns.answer(SHOP, A, ip(0, "10.0.0.2"));
      source.finds("10.0.0.2:8080 1 0");
    }
  }

  @Test
  void doesNotAskAgainBefore() {
    dns.answer(SHOP, A, ip(3600, "10.0.0.1"));
    String patient = settings("").replace("max-refresh: 300ms", "max-refresh: 1h");
    String hasty = settings("").replace("shop.internal", "other.internal");
    dns.answer("other.internal", A, ip(0, "10.0.0.9"));
    try (Followed source = Followed.source(patient)) {
      source.finds("10.0.0.1:8080 1 0");
      int asked = dns.asked();
      try (Followed other = Followed.source(hasty)) {
        other.finds("10.0.0.9:8080 1 0");
        Eventually.holds("the other one asked often", () -> dns.asked() >= asked + 8);
      }
      // Two questions for the patient one in all, the rest for the other.
      assertThat(asked).isEqualTo(2);
      assertThat(source.shown()).containsExactly("10.0.0.1:8080 1 0");
    }
  }

  @ParameterizedTest
  @CsvSource({"SERVFAIL", "NXDOMAIN", "empty", "silent"})
  void keepsTheLastAnswerWhileThereIsNone(String how) {
    dns.answer(SHOP, A, ip(0, "10.0.0.1"));
    try (Followed source = Followed.source(settings(""))) {
      source.finds("10.0.0.1:8080 1 0");
      for (int type : new int[] {A, AAAA}) {
        switch (how) {
          case "SERVFAIL" -> dns.refuse(SHOP, type, SERVFAIL);
          case "NXDOMAIN" -> dns.refuse(SHOP, type, NXDOMAIN);
          case "silent" -> dns.silent(SHOP, type);
          default -> dns.answer(SHOP, type);
        }
      }
      Eventually.holds("it failed twice", () -> source.failures().size() >= 2);
      source.finds("10.0.0.1:8080 1 0");
      dns.answer(SHOP, A, ip(0, "10.0.0.7"));
      dns.answer(SHOP, AAAA);
      source.finds("10.0.0.7:8080 1 0");
    }
  }

  @Test
  void goesOnWithOneFamilyWhenTheOtherCannotBeAskedFor() {
    dns.answer(SHOP, A, ip(0, "10.0.0.1"));
    dns.answer(SHOP, AAAA, ip(0, "2001:db8::1"));
    try (Followed source = Followed.source(settings(""))) {
      source.finds("10.0.0.1:8080 1 0", "[2001:db8::1]:8080 1 0");
      dns.refuse(SHOP, AAAA, SERVFAIL);
      dns.answer(SHOP, A, ip(0, "10.0.0.2"));
      source.finds("10.0.0.2:8080 1 0", "[2001:db8::1]:8080 1 0");
      source.fails("ServFail");
    }
  }

  @Test
  void asksOverTcpWhenAnAnswerDoesNotFit() {
    dns.answerByTcp(SHOP, A, ip(60, "10.0.0.1"));
    try (Followed source = Followed.source(settings(", family: ipv4"))) {
      source.finds("10.0.0.1:8080 1 0");
      assertThat(dns.askedByTcp()).isPositive();
    }
  }

  @Test
  void asksTheNextServerWhenOneIsSilent() throws Exception {
    try (ScriptedDns silent = new ScriptedDns()) {
      silent.silent(SHOP, A);
      silent.silent(SHOP, AAAA);
      dns.answer(SHOP, A, ip(60, "10.0.0.1"));
      String both = dns.address() + "\"]";
      String settings =
          settings("").replace(both, silent.address() + "\", \"" + dns.address() + "\"]");
      try (Followed source = Followed.source(settings)) {
        source.finds("10.0.0.1:8080 1 0");
        assertThat(source.failures()).isEmpty();
      }
    }
  }

  @Test
  void followsAliasesInsideAndOutsideOfAnAnswer() {
    dns.answer(SHOP, A, alias(60, "a.example"), dns.owned("a.example", alias(60, "b.example")));
    dns.answer("b.example", A, ip(60, "10.0.0.1"));
    try (Followed source = Followed.source(settings(", family: ipv4"))) {
      source.finds("10.0.0.1:8080 1 0");
    }
  }

  @Test
  void takesPortsWeightsAndPrioritiesFromServiceRecords() {
    dns.answer(
        SERVICE,
        SRV,
        srv(60, 10, 3, 81, "a.internal"),
        srv(60, 10, 0, 82, "b.internal"),
        srv(60, 20, 1, 83, "a.internal"));
    dns.answer("a.internal", A, ip(60, "10.0.0.1"));
    dns.answer("b.internal", A, ip(60, "10.0.0.2"));
    try (Followed source = Followed.source(service())) {
      source.finds("10.0.0.1:81 3 0", "10.0.0.1:83 1 1", "10.0.0.2:82 1 0");
    }
  }

  @Test
  void keepsTheAddressesOfAHostThatCannotBeAskedFor() {
    dns.answer(SERVICE, SRV, srv(0, 1, 1, 81, "a.internal"), srv(0, 1, 1, 82, "b.internal"));
    dns.answer("a.internal", A, ip(0, "10.0.0.1"));
    dns.answer("b.internal", A, ip(0, "10.0.0.2"));
    try (Followed source = Followed.source(service())) {
      source.finds("10.0.0.1:81 1 0", "10.0.0.2:82 1 0");
      dns.refuse("b.internal", A, SERVFAIL);
      dns.answer("a.internal", A, ip(0, "10.0.0.3"));
      source.finds("10.0.0.2:82 1 0", "10.0.0.3:81 1 0");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: dns, name: shop}|expected: name:port",
        "{type: dns, name: \"10.0.0.1:80\"}|expected: name:port",
        "{type: dns, name: \"a.b:80\", record: srv}|expected: a name without port",
        "{type: dns, name: \"a.b:80\", servers: [\"dns.internal:53\"]}|expected: an IP address",
        "{type: dns, name: \"a.b:80\", min-refresh: 10s, max-refresh: 1s}|less than min-refresh",
      })
  void refusesWhatCannotBeAsked(String settings, String problem) {
    assertThat(Followed.read(settings).problems().toString()).contains(problem);
  }
}
