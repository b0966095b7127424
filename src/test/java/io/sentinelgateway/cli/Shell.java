package io.sentinelgateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs a command in this process. */
final class Shell {

  private Shell() {}

  static Ended run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Sentinel.execute(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Ended(status, out.toString(), err.toString());
  }

  record Ended(int status, String out, String err) {}
}
