package io.sentinelgateway;

/** Entry point of {@code java -jar sentinel.jar}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
