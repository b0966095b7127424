package io.sentinelgateway.forward;

import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** {@code forward.websocket: {max-message: 1MiB, …}} */
@Doc("Looks at the frames of WebSockets: what breaks RFC 6455 or these limits closes them.")
public record WebSocketSettings(
    @Doc("Payload of one frame; a larger one closes with 1009.")
        @Default("16MiB")
        @Range(min = "1B", max = "1TiB")
        ByteSize maxFrame,
    @Doc("Payload of one message, as it is sent; a larger one closes with 1009.")
        @Default("64MiB")
        @Range(min = "1B", max = "1TiB")
        ByteSize maxMessage,
    @Doc(
            "How often the client is sent a ping; one that says nothing until the next ping is due"
                + " is closed. Absent: never.")
        @Range(min = "100ms", max = "24h")
        Optional<Duration> pingInterval) {}
