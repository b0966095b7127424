import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** vertx-http-proxy and nothing else: what its users have before they look for a gateway. */
public final class BareProxy {

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int origin = Integer.parseInt(args[1]);
    Vertx vertx = Vertx.vertx();
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(600),
            new PoolOptions().setHttp1MaxSize(128));
    HttpProxy proxy = HttpProxy.reverseProxy(client).origin(origin, "127.0.0.1");
    vertx.createHttpServer().requestHandler(proxy).listen(port, "127.0.0.1").await();
  }
}
