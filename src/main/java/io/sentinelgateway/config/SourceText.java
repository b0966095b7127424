package io.sentinelgateway.config;

/**
 * One file of a configuration.
 *
 * @param name as the user named it, for messages
 * @param text its whole content
 */
public record SourceText(String name, String text) {}
