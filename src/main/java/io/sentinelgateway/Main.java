package io.sentinelgateway;

import io.sentinelgateway.cli.Sentinel;

/** Entry point of {@code java -jar sentinel.jar}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    int status = Sentinel.execute(args);
    if (status != Sentinel.SERVING) {
      System.exit(status);
    }
  }
}
