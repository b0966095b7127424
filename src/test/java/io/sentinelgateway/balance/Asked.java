package io.sentinelgateway.balance;

import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.UnreadContent;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.target.Target;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;

/** A pick that is asked for: a request from somewhere, and who may be taken. */
public record Asked(Exchange exchange, Predicate<Target> usable) implements PickContext {

  /** A request of this client address and nothing else; every target may be taken. */
  static Asked from(int address, Loop loop) {
    return of(address, "http", "/", "", loop);
  }

  /** A request with Cookie and X-User fields of this value. */
  static Asked with(String value, Loop loop) {
    return of(1, "http", "/" + value, value, loop);
  }

  /** A request of anybody, when these targets may be taken. */
  public static PickContext anyone(Predicate<Target> usable) {
    return from(1, new SimulatedLoop(1)).among(usable);
  }

  static Asked of(int address, String scheme, String path, String value, Loop loop) {
    byte[] octets = {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    };
    return of(inet(octets), scheme, path, value, loop);
  }

  static Asked of(InetAddress from, String scheme, String path, String value, Loop loop) {
    MultiMap fields = HttpHeaders.headers();
    if (!value.isEmpty()) {
      fields.set("X-User", value).set("Cookie", "a=b; who=" + value);
    }
    String query = value.isEmpty() ? null : "u=" + value;
    RequestHead head = new RequestHead("GET", scheme, "a.example", -1, path, query, fields, from);
    Client client = new Client(from, 1, from, false, scheme.equals("https"));
    return new Asked(Exchange.imagined(head, client, new UnreadContent(-1), loop), target -> true);
  }

  static InetAddress inet(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same request when only these targets may be taken. */
  Asked among(Predicate<Target> some) {
    return new Asked(exchange, some);
  }

  @Override
  public boolean eligible(Target target) {
    return usable.test(target);
  }
}
