package io.sentinelgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.yaml.ReadResult;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation leads somewhere, its configurations are valid, its classes compile. */
class DocsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^```(java|yaml)\\n(.*?)^```$");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> root = Files.list(Path.of("."))) {
      Stream<Path> others = Stream.of(Path.of("bench/README.md"), Path.of("k8s/README.md"));
      return Stream.of(docs, root, others)
          .flatMap(paths -> paths)
          .map(Path::normalize)
          .filter(path -> path.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFiles(Path page) throws IOException {
    assertThat(LINK.matcher(Files.readString(page)).results().map(m -> m.group(1)))
        .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void wholeConfigurationsAreValid(Path page) throws IOException {
    assertThat(code(page, "yaml").filter(yaml -> yaml.contains("version: 1\n")))
        .allSatisfy(
            yaml -> {
              ReadResult read = Catalog.reader(name -> Optional.empty()).readText("doc", yaml);
              assertThat(read.problems()).isEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void wholeClassesCompile(Path page, @TempDir Path out) throws IOException {
    assertThat(code(page, "java").filter(java -> java.startsWith("package ")))
        .allSatisfy(java -> assertThat(compile(java, out)).isEmpty());
  }

  @Test
  void thereAreSuchClassesAndConfigurations() throws IOException {
    assertThat(code(Path.of("README.md"), "yaml")).anyMatch(yaml -> yaml.contains("version: 1\n"));
    assertThat(code(Path.of("docs/how-to/write-an-interceptor.md"), "java"))
        .anyMatch(java -> java.startsWith("package "));
  }

  private static Stream<String> code(Path page, String language) throws IOException {
    return CODE.matcher(Files.readString(page))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2));
  }

  /** What the compiler has to say; nothing when all is well. */
  private static String compile(String source, Path out) {
    MatchResult name =
        Pattern.compile("public final class (\\w+)").matcher(source).results().findFirst().get();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-d", out.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
    List<Snippet> units = List.of(new Snippet(name.group(1), source));
    boolean done = compiler.getTask(messages, null, null, options, null, units).call();
    return done ? "" : messages.toString();
  }

  private static final class Snippet extends SimpleJavaFileObject {
    private final String source;

    Snippet(String name, String source) {
      super(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}
