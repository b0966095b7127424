package io.sentinelgateway.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Answers to the signals of the system. Java has no other way than a class of the module {@code
 * jdk.unsupported}: a shutdown hook cannot end a process with status 0. The compiler lets nobody
 * name that class without a warning, hence by reflection.
 */
final class Signals {

  private Signals() {}

  /**
   * @param name without SIG: {@code TERM}
   * @param action gets the name, on a thread of its own
   */
  static void on(String name, Consumer<String> action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler invocations =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.accept(name);
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, invocations);
      Object wanted = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, wanted, proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + " cannot be answered on this Java", e);
    }
  }
}
