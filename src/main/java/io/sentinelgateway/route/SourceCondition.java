package io.sentinelgateway.route;

import io.sentinelgateway.schema.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** The believed client is in one of some blocks of addresses. */
record SourceCondition(List<Cidr> blocks) implements Condition {

  @Override
  public boolean matches(Subject request) {
    InetAddress client = request.head().client();
    for (Cidr block : blocks) {
      if (block.contains(client)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean impliedBy(Condition other) {
    return other instanceof SourceCondition condition
        && condition.blocks.stream().allMatch(this::covers);
  }

  private boolean covers(Cidr inner) {
    return blocks.stream().anyMatch(b -> b.bits() <= inner.bits() && b.contains(inner.network()));
  }

  @Override
  public String describe() {
    return "source " + list();
  }

  @Override
  public String mismatch(Subject request) {
    return "source: " + request.head().client().getHostAddress() + " not in " + list();
  }

  private String list() {
    return blocks.stream().map(Cidr::toString).collect(Collectors.joining(", "));
  }
}
