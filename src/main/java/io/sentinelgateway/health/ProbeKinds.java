package io.sentinelgateway.health;

import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** Every kind of active check. To add one: write the class, add its line here. */
public final class ProbeKinds {

  private static final List<Kind<?, Subject, Probe>> PROBES =
      List.of(
          new Kind<>("http", HttpProbe.Settings.class, HttpProbe::new),
          new Kind<>("tcp", TcpProbe.Settings.class, TcpProbe::new),
          new Kind<>("grpc", GrpcProbe.Settings.class, GrpcProbe::new));

  /** Their words and settings. */
  public static final List<? extends Kind<?, ?, ?>> ALL = PROBES;

  private ProbeKinds() {}

  static Probe create(ProbeSettings settings, Subject subject) {
    for (Kind<?, Subject, Probe> kind : PROBES) {
      if (kind.settings().isInstance(settings)) {
        return kind.create(settings, subject);
      }
    }
    throw new IllegalArgumentException("no check for " + settings);
  }
}
