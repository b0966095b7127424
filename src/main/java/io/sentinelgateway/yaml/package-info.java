/**
 * How text becomes the records of {@code config}, with every problem found, and how records become
 * text. It knows no key by name: all it does is derived from the records and their annotations, so
 * the reader, the writer, the JSON Schema and the reference page cannot disagree. It is named for
 * the language that goes in and out; reading is only half of it.
 *
 * <p>Start at {@link io.sentinelgateway.yaml.ConfigReader}: texts become nodes ({@code
 * YamlReader}), one document ({@code SourceMerge}), records ({@code Binder}, {@code RecordBinder},
 * {@code ScalarTypes}), which then check themselves. {@code Shape} is what a record asks for, as
 * every class here sees it. The ways out are {@link io.sentinelgateway.yaml.ConfigWriter}, {@link
 * io.sentinelgateway.yaml.JsonSchema} and {@link io.sentinelgateway.yaml.ReferencePage}.
 *
 * <p>Level 1: may use {@code config} and {@code source}. What was read is immutable and may be used
 * by any thread; reading blocks and uses reflection, so it happens off the event loops.
 */
@NullMarked
package io.sentinelgateway.yaml;

import org.jspecify.annotations.NullMarked;
