package io.sentinelgateway.config;

/** Whether a rule refuses requests, or only counts those that it would refuse. */
public enum ShedMode {
  ENFORCE,
  OBSERVE;

  public boolean enforced() {
    return this == ENFORCE;
  }
}
