package io.sentinelgateway.exchange;

/**
 * Marks a filter or handler that touches nothing but the exchange and completes at once. {@code
 * explain} and the tests of a configuration run such parts for real; of others they only tell that
 * they are there.
 */
public interface Pure {}
