package io.sentinelgateway.suite;

import io.sentinelgateway.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx as an origin server: files, ranges, compression, uploads. */
final class NginxOrigin implements AutoCloseable {

  private final Program program;
  private final int port;

  private NginxOrigin(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  /**
   * Serves the files of a folder below {@code /files}.
   *
   * @param work an empty folder for its own files
   */
  static NginxOrigin serving(Path files, Path work) throws IOException {
    String nginx = Program.find("nginx", "nginx");
    int port = FreePort.next();
    Path config = Files.writeString(work.resolve("nginx.conf"), config(port, files));
    return new NginxOrigin(
        Program.start(
            "nginx-" + port,
            port,
            List.of(
                nginx,
                "-p",
                work.toString(),
                "-e",
                work.resolve("error.log").toString(),
                "-c",
                config.toString(),
                "-g",
                "daemon off;")),
        port);
  }

  private static String config(int port, Path files) {
    return """
        # As root, nginx would otherwise read files as a user who may not.
        %3$s
        worker_processes 1;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 1024; }
        http {
          access_log off;
          default_type application/octet-stream;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          client_max_body_size 16m;
          add_header X-Origin-Connection $connection always;
          add_header X-Seen-Host $http_host always;
          add_header X-Seen-Forwarded-For $http_x_forwarded_for always;
          server {
            listen 127.0.0.1:%1$d;
            location /small { return 200 "hello\\n"; }
            location /files/ { alias %2$s/; etag on; }
            # Compressed on the fly: the length is not known, so the answer is chunked.
            location /gzip/ { alias %2$s/; gzip on; gzip_proxied any; gzip_types *; gzip_min_length 1; }
            # The outer location reads the content to its end, the inner one tells its length.
            location /upload { proxy_pass http://127.0.0.1:%1$d/length; }
            location /length { return 200 "$content_length"; }
            location /status/ { return 503 "not now\\n"; }
          }
        }
        """
        .formatted(
            port,
            files.toAbsolutePath(),
            "root".equals(System.getProperty("user.name")) ? "user root;" : "");
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
