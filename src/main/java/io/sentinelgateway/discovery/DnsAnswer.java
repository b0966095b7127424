package io.sentinelgateway.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a name server answered to one question. Immutable.
 *
 * @param data of the records that were asked for
 * @param ttlSeconds how long the answer may be used: the least of all records that led to it
 * @param alias where the name leads when the server did not go on from there itself; empty: nowhere
 */
record DnsAnswer(List<Data> data, long ttlSeconds, String alias) {

  private static final int MOST_ALIASES = 16;

  /** What a record holds. */
  sealed interface Data {}

  /** A and AAAA (RFC 1035, RFC 3596). */
  record Ip(String literal) implements Data {}

  /** SRV (RFC 2782). */
  record Service(int priority, int weight, int port, String host) implements Data {}

  private record Alias(String to, long ttl) {}

  DnsAnswer {
    data = List.copyOf(data);
  }

  /** The same answer, reached by an alias that may be used so long. */
  DnsAnswer within(long seconds) {
    return new DnsAnswer(data, Math.min(ttlSeconds, seconds), alias);
  }

  /** Reads the answer section, along the aliases in it (RFC 1034, section 3.6.2). */
  static DnsAnswer of(DnsResponse response, String name, DnsRecordType type) {
    List<DnsRawRecord> records = records(response);
    Map<String, Alias> aliases = aliases(records);
    String owner = canonical(name);
    long ttl = Long.MAX_VALUE;
    Alias alias = aliases.get(owner);
    for (int i = 0; i < MOST_ALIASES && alias != null; i++) {
      owner = alias.to();
      ttl = Math.min(ttl, alias.ttl());
      alias = aliases.get(owner);
    }
    List<Data> data = new ArrayList<>();
    for (DnsRawRecord record : records) {
      if (record.type().equals(type) && canonical(record.name()).equals(owner)) {
        data.add(data(type, record.content().duplicate()));
        ttl = Math.min(ttl, record.timeToLive());
      }
    }
    boolean onward = data.isEmpty() && !owner.equals(canonical(name));
    return new DnsAnswer(data, ttl, onward ? owner : "");
  }

  private static List<DnsRawRecord> records(DnsResponse response) {
    List<DnsRawRecord> records = new ArrayList<>();
    for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
      DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
      if (record instanceof DnsRawRecord raw) {
        records.add(raw);
      }
    }
    return records;
  }

  private static Map<String, Alias> aliases(List<DnsRawRecord> records) {
    Map<String, Alias> aliases = new HashMap<>();
    for (DnsRawRecord record : records) {
      if (record.type().equals(DnsRecordType.CNAME)) {
        String to = DefaultDnsRecordDecoder.decodeName(record.content().duplicate());
        aliases.put(canonical(record.name()), new Alias(canonical(to), record.timeToLive()));
      }
    }
    return aliases;
  }

  /** Names are compared without regard to case; the root's dot says nothing here. */
  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static Data data(DnsRecordType type, ByteBuf content) {
    if (type.equals(DnsRecordType.SRV)) {
      return new Service(
          content.readUnsignedShort(),
          content.readUnsignedShort(),
          content.readUnsignedShort(),
          canonical(DefaultDnsRecordDecoder.decodeName(content)));
    }
    byte[] address = new byte[content.readableBytes()];
    content.readBytes(address);
    return new Ip(NetUtil.bytesToIpAddress(address));
  }
}
