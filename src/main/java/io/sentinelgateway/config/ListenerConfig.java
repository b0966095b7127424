package io.sentinelgateway.config;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One address that accepts clients. */
public record ListenerConfig(
    @Doc("Where clients connect: host:port, :port for all interfaces, or unix:/path.")
        Address address,
    @Doc("`tcp` passes bytes on as they are; requests, routes and all that is HTTP need `http`.")
        @Default("http")
        Layer protocol,
    @Doc(
            "What is spoken. Over TLS the client chooses; in plain text a client speaks http2 by"
                + " prior knowledge.")
        @Default("[http1]")
        List<Protocol> protocols,
    @Doc("TLS is spoken to clients; absent: plain text.") Optional<TlsConfig> tls,
    @Doc("Who announces clients by the PROXY protocol; absent: nobody.")
        Optional<ProxyProtocolConfig> proxyProtocol,
    @Doc("How long a client may take.") @Default("{}") TimeoutsConfig timeouts,
    @Doc("How much a client may send.") @Default("{}") LimitsConfig limits,
    @Doc("What a client may do on an HTTP/2 connection.") @Default("{}") Http2Config http2,
    @Doc("Where bytes go; for the protocol `tcp`.") Optional<PassthroughConfig> tcp,
    @Doc("Who may connect to a Unix socket; absent: as the process's umask has it.")
        Optional<UnixSocketConfig> unix) {

  /** What only a listener that speaks HTTP can have. */
  private static final List<List<String>> HTTP_KEYS =
      List.of(
          List.of("protocols"),
          List.of("tls"),
          List.of("http2"),
          List.of("timeouts", "header"),
          List.of("timeouts", "idle"),
          List.of("timeouts", "request"),
          List.of("limits", "header-bytes"),
          List.of("limits", "header-count"),
          List.of("limits", "target-bytes"),
          List.of("limits", "content-bytes"),
          List.of("limits", "requests-per-connection"));

  void check(GatewayConfig config, String id, Problems problems) {
    checkProtocol(config, problems);
    unix.ifPresent(settings -> settings.check(problems.at("unix")));
    problems
        .at("unix")
        .require(
            address.unix() || unix.isEmpty(),
            "of " + address + " (expected: only with an address unix:/path)");
    problems
        .at("protocols")
        .require(!protocols.isEmpty(), "none (expected: http1, http2, or both)");
    config
        .listeners()
        .forEach(
            (otherId, other) -> {
              if (otherId.compareTo(id) < 0
                  && address.port() != 0
                  && address.equals(other.address())) {
                problems
                    .at("address")
                    .error(address + " is the address of listeners." + otherId + " too");
              }
            });
    problems
        .at("address")
        .require(
            address.port() == 0 || !address.equals(config.admin().address()),
            address + " is the address of admin too");
    tls.ifPresent(settings -> settings.check(problems.at("tls")));
    http2.check(problems.at("http2"));
    proxyProtocol.ifPresent(settings -> settings.check(problems.at("proxy-protocol")));
  }

  private void checkProtocol(GatewayConfig config, Problems problems) {
    boolean passes = protocol == Layer.TCP;
    problems
        .at("tcp")
        .require(
            passes || tcp.isEmpty(), "with the protocol http (expected: only with protocol: tcp)");
    problems
        .at("protocol")
        .require(!passes || tcp.isPresent(), "tcp without a place to go (expected: the key tcp)");
    tcp.ifPresent(settings -> settings.check(config, problems.at("tcp")));
    for (List<String> key : passes ? HTTP_KEYS : List.<List<String>>of()) {
      Problems at = problems;
      for (String step : key) {
        at = at.at(step);
      }
      at.require(!at.stated(), "with protocol: tcp (expected: only with the protocol http)");
    }
  }

  /**
   * True when an open listener with these settings need not be opened anew for the other ones: they
   * are equal but for certificates, where bytes go and who may connect to a Unix socket, which
   * change while it is open.
   */
  public boolean servesAs(ListenerConfig other) {
    return lasting().equals(other.lasting());
  }

  private ListenerConfig lasting() {
    return new ListenerConfig(
        address,
        protocol,
        protocols,
        tls.map(TlsConfig::withoutCertificates),
        proxyProtocol,
        timeouts,
        limits,
        http2,
        Optional.empty(),
        Optional.empty());
  }

  /** What a listener understands of what it carries. */
  public enum Layer {
    HTTP,
    TCP
  }

  /** An application protocol. */
  public enum Protocol {
    HTTP1,
    HTTP2
  }

  /** How long a client may take. */
  public record TimeoutsConfig(
      @Doc("From the connection to the end of the PROXY header and the TLS handshake.")
          @Default("10s")
          @Range(min = "10ms", max = "1h")
          Duration handshake,
      @Doc("From the first byte of a request to the end of its header section.")
          @Default("10s")
          @Range(min = "10ms", max = "1h")
          Duration header,
      @Doc(
              "Without a byte in either direction while it is the client's turn: between requests,"
                  + " within one, or to read its answer.")
          @Default("60s")
          @Range(min = "10ms", max = "24h")
          Duration idle,
      @Doc("From the head of a request to the last byte of its answer; absent: no limit.")
          Optional<Duration> request) {}

  /** How much a client may send. Exceeding one is answered with the status that is named. */
  public record LimitsConfig(
      @Doc("All field lines of a request together (431).")
          @Default("32KiB")
          @Range(min = "1KiB", max = "1MiB")
          ByteSize headerBytes,
      @Doc("Field lines of a request (431).") @Default("100") @Range(min = "1", max = "10000")
          int headerCount,
      @Doc("The request target (414).") @Default("8KiB") @Range(min = "64B", max = "1MiB")
          ByteSize targetBytes,
      @Doc("The content of a request (413); absent: no limit.") Optional<ByteSize> contentBytes,
      @Doc("Connections open at once, over all event loops; more are closed at once.")
          @Default("20000")
          @Range(min = "1", max = "10000000")
          int connections,
      @Doc("Requests on one connection before it is closed politely.")
          @Default("10000")
          @Range(min = "1", max = "2147483647")
          int requestsPerConnection) {}
}
