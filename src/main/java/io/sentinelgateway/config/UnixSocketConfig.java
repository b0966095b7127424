package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import java.util.Optional;

/** The file of a listener's Unix socket. Whoever may write to it may connect. */
public record UnixSocketConfig(
    @Doc("Who may connect: permissions in octal digits, in quotes.") @Default("\"0660\"")
        String mode,
    @Doc("The user that owns the file; absent: the gateway's own. Others need privileges.")
        Optional<String> owner,
    @Doc("The group of the file; absent: the gateway's own. It must be one of the gateway's.")
        Optional<String> group) {

  private static final int OCTAL = 8;

  void check(Problems problems) {
    problems
        .at("mode")
        .require(
            mode.matches("0?[0-7]{3}"), mode + " (expected: three octal digits, such as \"0660\")");
  }

  /** The permissions as the lowest nine bits. */
  public int bits() {
    return Integer.parseInt(mode, OCTAL);
  }
}
