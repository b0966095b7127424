package io.sentinelgateway.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sentinel version} */
@Command(name = "version", description = "Prints versions of the gateway, Java, Vert.x and Netty.")
final class VersionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Properties versions = Version.properties();
    String java = Runtime.version().toString();
    if (json) {
      out.println(
          new JsonObject()
              .put("sentinel", versions.getProperty("version"))
              .put("java", java)
              .put("vertx", versions.getProperty("vertx"))
              .put("netty", versions.getProperty("netty"))
              .encode());
    } else {
      out.println("sentinel " + versions.getProperty("version"));
      out.println("java     " + java);
      out.println("vert.x   " + versions.getProperty("vertx"));
      out.println("netty    " + versions.getProperty("netty"));
    }
    return Sentinel.OK;
  }
}
