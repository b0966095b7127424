package io.sentinelgateway.cli;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.yaml.JsonSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sentinel schema} */
@Command(name = "schema", description = "Prints the JSON Schema of the configuration, for editors.")
final class SchemaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(JsonSchema.of(Catalog.KINDS).encodePrettily());
    return Sentinel.OK;
  }
}
