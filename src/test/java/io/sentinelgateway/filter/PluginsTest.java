package io.sentinelgateway.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.vertx.core.Vertx;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class PluginsTest {

  private static final String SOURCE =
      """
      package com.example;
      public final class Audit implements io.vertx.httpproxy.ProxyInterceptor {
        @Override
        public io.vertx.core.Future<io.vertx.httpproxy.ProxyResponse> handleProxyRequest(
            io.vertx.httpproxy.ProxyContext context) {
          context.request().putHeader("x-audit", "%s");
          return context.sendRequest();
        }
      }
      """;

  /** Compiles the interceptor and packs it as users do. */
  private static void jar(Path folder, String name, String mark) throws IOException {
    Path build = Files.createTempDirectory(folder, "build");
    Path source = Files.writeString(build.resolve("Audit.java"), SOURCE.formatted(mark));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath = System.getProperty("java.class.path");
    int failed =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            classPath,
            "-d",
            build.toString(),
            source.toString());
    assertThat(failed).isZero();
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        JarOutputStream jar = new JarOutputStream(out)) {
      jar.putNextEntry(new JarEntry("com/example/Audit.class"));
      jar.write(Files.readAllBytes(build.resolve("com/example/Audit.class")));
      jar.closeEntry();
    }
  }

  @Test
  void runsAnInterceptorOfAJar(Vertx vertx, @TempDir Path folder) throws IOException {
    jar(folder, "audit.jar", "one");
    try (Plugins plugins = new Plugins(folder)) {
      for (String yaml :
          List.of(
              "{type: interceptor, class-name: com.example.Audit}",
              "{type: interceptor, class-name: com.example.Audit, jar: audit.jar}")) {
        try (ExchangeServer server =
            new ExchangeServer(vertx, FilterFixture.filter(yaml, plugins).over(new Echo()))) {
          assertThat(server.get("/").forwarded("x-audit")).containsExactly("one");
        }
      }
    }
  }

  @Test
  void keepsJarsApart(@TempDir Path folder) throws IOException {
    jar(folder, "a.jar", "a");
    jar(folder, "b.jar", "b");
    try (Plugins plugins = new Plugins(folder)) {
      ProxyInterceptor a = plugins.interceptor("com.example.Audit", "a.jar");
      ProxyInterceptor b = plugins.interceptor("com.example.Audit", "b.jar");
      assertThat(a.getClass()).isNotEqualTo(b.getClass());
      assertThat(plugins.interceptor("com.example.Audit", null)).hasSameClassAs(a);
      assertThat(plugins.interceptor("com.example.Audit", "b.jar")).hasSameClassAs(b);
    }
  }

  @Test
  void readsAReplacedJarAgain(@TempDir Path folder) throws IOException {
    jar(folder, "audit.jar", "one");
    try (Plugins plugins = new Plugins(folder)) {
      ProxyInterceptor one = plugins.interceptor("com.example.Audit", "audit.jar");
      jar(folder, "next.jar", "a longer mark");
      Files.move(
          folder.resolve("next.jar"),
          folder.resolve("audit.jar"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(plugins.interceptor("com.example.Audit", "audit.jar").getClass())
          .isNotEqualTo(one.getClass());
    }
  }

  @Test
  void staysInItsFolder(@TempDir Path folder) throws IOException {
    Path inside = Files.createDirectory(folder.resolve("plugins"));
    jar(folder, "audit.jar", "one");
    try (Plugins plugins = new Plugins(inside)) {
      for (String name : List.of("../audit.jar", folder + "/audit.jar", "none.jar", "audit", "")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> plugins.interceptor("com.example.Audit", name));
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plugins.interceptor("com.example.Audit", null))
          .withMessageContaining("no such class");
    }
  }
}
