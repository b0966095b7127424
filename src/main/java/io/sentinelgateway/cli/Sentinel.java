package io.sentinelgateway.cli;

import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code sentinel COMMAND}. */
@Command(
    name = "sentinel",
    description = "A reverse proxy and API gateway: one file, real traffic.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      ProxyCommand.class,
      CheckCommand.class,
      ExplainCommand.class,
      SchemaCommand.class,
      CertCommand.class,
      AgentCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      GenerateCompletion.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all is well",
      "1:the configuration is invalid, or the command failed",
      "2:wrong usage"
    })
public final class Sentinel implements Runnable {

  /** Not an exit status: the command goes on in threads of its own. */
  public static final int SERVING = -1;

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--debug",
      description = "Print stack traces of failures.",
      scope = ScopeType.INHERIT)
  private boolean debug;

  private Sentinel() {}

  /**
   * Runs a command.
   *
   * @return its exit status, or {@link #SERVING}
   */
  public static int execute(String... args) {
    PrintWriter out = new PrintWriter(System.out, true, java.nio.charset.StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8);
    return execute(out, err, args);
  }

  static int execute(PrintWriter out, PrintWriter err, String... args) {
    Sentinel sentinel = new Sentinel();
    CommandLine line = new CommandLine(sentinel).setOut(out).setErr(err);
    line.getSubcommands().get("generate-completion").getCommandSpec().usageMessage().hidden(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          err.println(Ansi.AUTO.string("@|bold,red error|@ ") + message(failure));
          if (sentinel.debug) {
            failure.printStackTrace(err);
          }
          return FAILED;
        });
    return line.execute(args);
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
  }
}
