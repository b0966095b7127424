package io.sentinelgateway.discovery;

import io.sentinelgateway.config.TargetConfig;
import java.util.List;

/** Whom a source tells, on its own context. */
public interface Findings {

  /** These are the members now, in any order, all of them; nothing is wrong. */
  default void found(List<TargetConfig> targets) {
    found(targets, "");
  }

  /**
   * These are the members as far as they are known now, in any order.
   *
   * @param trouble what keeps others from being known, in a few words; empty when nothing does
   */
  void found(List<TargetConfig> targets, String trouble);

  /**
   * The source could not be asked, or its answer not be used; what was found last stays.
   *
   * @param why in a few words
   */
  void failed(String why);
}
