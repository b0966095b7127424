package io.sentinelgateway.discovery;

import io.sentinelgateway.config.TargetConfig;
import java.util.List;

/** Whom a source tells, on its own context. */
public interface Findings {

  /** These are the members now, in any order, all of them. */
  void found(List<TargetConfig> targets);

  /**
   * The source could not be asked, or its answer not be used; what was found last stays.
   *
   * @param why in a few words
   */
  void failed(String why);
}
