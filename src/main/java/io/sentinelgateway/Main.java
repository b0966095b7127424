package io.sentinelgateway;

import io.sentinelgateway.cli.Sentinel;

/** Entry point of {@code java -jar sentinel.jar}. */
public final class Main {

  /**
   * With polls that stay armed, Netty 4.2.18 never reads to the end of a connection that its peer
   * ended while nobody read from it: the only event was spent on what was left. Netty looks here
   * once, when the first {@code Vertx} is made.
   */
  private static final String LASTING_POLLS = "io.netty.iouring.pollAddMultishotEnabled";

  private Main() {}

  public static void main(String[] args) {
    if (System.getProperty(LASTING_POLLS) == null) {
      System.setProperty(LASTING_POLLS, "false");
    }
    int status = Sentinel.execute(args);
    if (status != Sentinel.SERVING) {
      System.exit(status);
    }
  }
}
