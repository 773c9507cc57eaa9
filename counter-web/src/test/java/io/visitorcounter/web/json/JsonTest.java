package io.visitorcounter.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void anObjectKeepsTheOrderOfItsMembers() {
        String text = Json.object(json -> json.put("b", -1)
                .put("a", "x")
                .put("yes", true)
                .put("none", (Long) null)
                .putArray("list", List.of(1, 2), (element, n) -> element.put("n", n)));

        assertThat(text).isEqualTo("{\"b\":-1,\"a\":\"x\",\"yes\":true,\"none\":null,\"list\":[{\"n\":1},{\"n\":2}]}");
    }

    @Test
    void anyTextComesBackAsItWas() {
        String wild =
                "quote \" backslash \\ lines \r\n tab \t null \u0000 del \u007f ls \u2028 smile \ud83d\ude00 </script>";

        Config read = ConfigFactory.parseString(
                Json.object(json -> json.put("a", wild)),
                ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));

        assertThat(read.getString("a")).isEqualTo(wild);
    }

    @Test
    void aLoneSurrogateLeavesJsonThatCanBeRead() {
        byte[] sent = Json.object(json -> json.put("a", "x\ud83dy\ude00")).getBytes(StandardCharsets.UTF_8);

        assertThat(new String(sent, StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"x?y?\"}");
    }
}
