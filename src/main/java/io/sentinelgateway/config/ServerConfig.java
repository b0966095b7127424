package io.sentinelgateway.config;

import io.sentinelgateway.schema.Cidr;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Syntax;
import io.sentinelgateway.schema.Word;
import java.time.Duration;
import java.util.List;

/** The process as a whole. */
public record ServerConfig(
    @Doc("Event loops, each with its own listener instances; `auto` is one per processor.")
        @Default("auto")
        Instances instances,
    @Doc("How sockets are driven; `auto` takes the first of the others that works, and says why.")
        @Default("auto")
        Transport transport,
    @Doc("Who does TLS; `auto` takes BoringSSL when it loads, else the JDK, and says which.")
        @Default("auto")
        TlsProvider tlsProvider,
    @Doc("How long a process that takes over (hot restart) may need until it serves.")
        @Default("1m")
        @Range(min = "1s", max = "1h")
        Duration restartTimeout,
    @Doc("How long requests in flight may go on after the gateway was asked to stop.")
        @Default("30s")
        @Range(min = "0s", max = "1h")
        Duration drainTimeout,
    @Doc("How long new connections are still accepted after readiness turned to 503.")
        @Default("3s")
        @Range(min = "0s", max = "10m")
        Duration quietPeriod,
    @Doc("Address blocks whose Forwarded and X-Forwarded-* fields are believed.") @Default("[]")
        List<Cidr> trustedProxies,
    @Doc("How every request gets its id.") @Default("{}") RequestIdConfig requestId,
    @Doc("The gateway's name in Via and Proxy-Status.") @Default("sentinel") String name,
    @Doc("Where this gateway runs; for the balancer `locality-aware`.") @Default("${ZONE:-}")
        String zone,
    @Doc(
            "This gateway among its replicas; for the balancer `subset`. A number at its end counts"
                + " them, as the names of a StatefulSet do.")
        @Default("${HOSTNAME:-}")
        String instance,
    @Doc("Replace repeated slashes in the path of a request target by one.") @Default("false")
        boolean mergeSlashes,
    @Doc("How changes of the configuration are found.") @Default("{}") ReloadConfig reload,
    @Doc(
            "Synthetic requests through the whole path before the gateway is ready; read at the start.")
        @Default("{}")
        WarmUpConfig warmUp,
    @Doc("Folder of jars with ProxyInterceptor classes, each jar with its own class loader.")
        @Default("plugins")
        String plugins) {

  void check(Problems problems) {
    problems
        .at("name")
        .require(name.matches("[A-Za-z0-9._-]{1,64}"), name + " (expected: a token)");
    problems
        .at("request-id")
        .at("header")
        .require(
            requestId.header().matches("[A-Za-z0-9-]{1,64}"),
            requestId.header() + " (expected: a field name)");
  }

  /** How sockets are driven. */
  public enum Transport {
    AUTO,
    @Word("io_uring")
    IO_URING,
    EPOLL,
    NIO
  }

  /** Who does TLS. */
  public enum TlsProvider {
    AUTO,
    BORINGSSL,
    JDK
  }

  /** A count of event loops, or {@code auto}. */
  @Syntax(
      expected = "auto, or a number from 1 to 256",
      pattern = "^(auto|[0-9]{1,3})$",
      example = "auto",
      number = true)
  public record Instances(int count) {

    /**
     * @throws IllegalArgumentException unless the text is {@code auto} or 1–256
     */
    public static Instances parse(String text) {
      if (text.equals("auto")) {
        return new Instances(0);
      }
      if (text.matches("[0-9]{1,3}")) {
        int count = Integer.parseInt(text);
        if (count >= 1 && count <= 256) {
          return new Instances(count);
        }
      }
      throw new IllegalArgumentException(text + " (expected: auto, or a number from 1 to 256)");
    }

    /** The number of event loops on a machine with so many processors. */
    public int loops(int processors) {
      return count == 0 ? processors : count;
    }

    @Override
    public String toString() {
      return count == 0 ? "auto" : Integer.toString(count);
    }
  }

  /** How every request gets its id. */
  public record RequestIdConfig(
      @Doc("The field a client's id is taken from and the `request-id` filter writes.")
          @Default("X-Correlation-Id")
          String header,
      @Doc("The form of a new id.") @Default("uuid") Format format,
      @Doc("Whose id is taken over when it is valid: 1–128 letters, digits, `-`, `_`, `.`.")
          @Default("trusted")
          AcceptFrom acceptFrom) {

    /** The form of a new id. */
    public enum Format {
      /** RFC 9562 version 4, 36 characters. */
      UUID,
      /** 22 characters, URL-safe. */
      SHORT
    }

    /** Whose request ids are believed. */
    public enum AcceptFrom {
      ALL,
      TRUSTED,
      NONE
    }
  }

  /** Synthetic requests before the gateway is ready; it ends at the first of both bounds. */
  public record WarmUpConfig(
      @Doc("How long at most; `0s`: no warm-up.") @Default("300ms") @Range(min = "0s", max = "5m")
          Duration duration,
      @Doc("How many requests at most.") @Default("20000") @Range(min = "1", max = "10000000")
          int requests) {}

  /** How changes of the configuration are found. */
  public record ReloadConfig(
      @Doc("Look at the source this often even if no file event came.")
          @Default("15s")
          @Range(min = "1s", max = "1h")
          Duration poll,
      @Doc("Wait this long after a file event for the writer to finish.")
          @Default("50ms")
          @Range(min = "0s", max = "10s")
          Duration debounce,
      @Doc("Folder in which the last configuration that served well is kept; empty: not kept.")
          @Default("")
          String lastKnownGood) {}
}
