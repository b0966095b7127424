/**
 * The file: one record per YAML mapping, one component per key, and everything that is made from
 * the records: the reader that turns text into them with every problem found, the writer, the JSON
 * Schema and the reference page. What a key is called, what it means, what it may hold and what it
 * is when absent stands at its component and nowhere else.
 *
 * <p>Start at {@link io.sentinelgateway.config.GatewayConfig} for what can be said, and at {@link
 * io.sentinelgateway.config.ConfigReader} for how it is read: texts come from a {@link
 * io.sentinelgateway.config.ConfigSource}, become nodes ({@code YamlReader}), one document ({@code
 * SourceMerge}), records ({@code Binder}, {@code RecordBinder}, {@code ScalarTypes}), which then
 * check themselves.
 *
 * <p>Level 0: knows no other room. Everything that is read is immutable and may be used by any
 * thread; reading blocks and uses reflection, so it happens off the event loops.
 */
@NullMarked
package io.sentinelgateway.config;

import org.jspecify.annotations.NullMarked;
