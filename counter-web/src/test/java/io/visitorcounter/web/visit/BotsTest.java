package io.visitorcounter.web.visit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BotsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ELB-HealthChecker/2.0",
                "GoogleHC/1.0",
                "Edge Health Probe",
                "AlwaysOn",
                "Gatus/1.0",
                "kube-probe/1.29",
                "Amazon-Route53-Health-Check-Service (ref 0123; report http://amzn.to/1vsZADi)",
                "Envoy/HC",
                "Prometheus/2.42.0",
                "Blackbox Exporter/0.24.0",
                "check_http/v2.3 (nagios-plugins 2.3)",
                "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
                "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
                "Google-InspectionTool/1.0",
                "ia_archiver",
                "WhatsApp/2.23.20.0",
                "Embedly/0.2",
                "Googlebot/2.1",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
                "Mediapartners-Google",
                "AdsBot-Google (+http://www.google.com/adsbot.html)",
                "Mozilla/5.0 (compatible; ABrandNewBot/1.0; +http://example.org)",
                "acme-crawler/0.1",
            })
    void botsAndHealthCheckersAreKnown(String agent) {
        assertThat(Bots.isBot(agent)).isTrue();
        assertThat(Bots.isBot(agent)).as("remembered").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/468.0]",
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (Linux; Android 9; Cubot_Note_S) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
                "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
                "Lynx/2.9.0dev.12 libwww-FM/2.14",
                "curl/7.88.1",
                "Wget/1.21.3",
                "python-requests/2.31.0",
                "Go-http-client/1.1",
                "okhttp/4.12.0",
                "Java-http-client/17.0.15",
                "github-camo (876de43e)",
                "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            })
    void peopleProgramsAndTheImageProxiesOfPeopleAreNot(String agent) {
        assertThat(Bots.isBot(agent)).isFalse();
        assertThat(Bots.isBot(agent)).as("remembered").isFalse();
    }

    @Test
    void aRequestWithoutANameIsNotABots() {
        assertThat(Bots.isBot(null)).isFalse();
    }

    @Test
    void aNameAsLongAsAHeadMayBeCostsNoMoreThanAShortOne() {
        String agent = "a ".repeat(8000) + "Googlebot/2.1";

        assertThat(Bots.isBot(agent)).isFalse();
    }
}
