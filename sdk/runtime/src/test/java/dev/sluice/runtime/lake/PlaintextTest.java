package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses a lake may have without TLS. */
class PlaintextTest {

  private static LakeConfig config(Map<String, String> settings) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> all = new HashMap<>(type.defaults());
    all.putAll(settings);
    return (LakeConfig) type.bind(all);
  }

  @ParameterizedTest
  @CsvSource({
    "lake.rest.uri, http://catalog.example.org/api, catalog.example.org",
    "lake.rest.uri, HTTPS://catalog.example.org/api, catalog.example.org",
    "lake.rest.oauth2-uri, http://user@tokens:8080/t, tokens",
    "lake.glue.endpoint, http://10.0.0.5:5000, 10.0.0.5",
    "lake.s3.endpoint, http://[fd00::5]:9000, fd00::5",
    "lake.s3.endpoint, minio:9000, minio",
    "lake.s3.endpoint, http://localhost.example.org, localhost.example.org",
    "lake.s3.endpoint, http://127.0.0.1@s3.example.org, s3.example.org"
  })
  void aHostWithoutTlsIsRefusedUnlessItIsNamed(String setting, String address, String host) {
    assertThatThrownBy(() -> Lake.open(Map.of(setting, address)))
        .hasMessage(
            "Cannot use %s: it reaches %s without TLS. Use https://, or name that host in"
                + " security.plaintext where nobody else listens",
            setting, host)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(SluiceException.class))
        .returns(ErrorKind.CONFIG, SluiceException::kind);

    String others = "other.example.org, " + host;
    assertThatCode(() -> Lake.open(Map.of(setting, address, "security.plaintext", others)))
        .doesNotThrowAnyException();
  }

  @Test
  void everyMetastoreMustBeNamed() {
    String two = "thrift://a:9083,thrift://b:9083";

    assertThatThrownBy(() -> Lake.open(Map.of("lake.hive.uri", two, "security.plaintext", "a")))
        .hasMessage(
            "Cannot use lake.hive.uri: it reaches b without TLS. Name that host in"
                + " security.plaintext where nobody else listens");
  }

  @ParameterizedTest
  @CsvSource({
    "lake.rest.uri, https://catalog.example.org",
    "lake.rest.uri, http://127.0.0.1:8181",
    "lake.s3.endpoint, http://localhost:9000",
    "lake.s3.endpoint, http://[::1]:9000",
    "lake.hive.uri, thrift://127.0.0.1:9083"
  })
  void tlsAndThisMachineNeedNoName(String setting, String address) {
    assertThatCode(() -> Lake.open(Map.of(setting, address))).doesNotThrowAnyException();
  }

  @Test
  void whatLeadsTheAwsSdkElsewhereCountsAsWell() {
    Map<String, String> environment = Map.of("AWS_ENDPOINT_URL_S3", "http://s3.example.org");

    assertThatThrownBy(() -> Plaintext.require(config(Map.of()), environment))
        .hasMessageStartingWith(
            "Cannot use AWS_ENDPOINT_URL_S3: it reaches s3.example.org without TLS. ");
  }

  @Test
  void theEmbeddedCatalogIsAFileOfThisMachine() {
    LakeConfig config = config(Map.of("lake.catalog.uri", "jdbc:postgresql://db/x?password=p"));

    assertThatThrownBy(() -> new EmbeddedCatalog().address(config, "file:///lake"))
        .hasMessageStartingWith("Cannot open the embedded catalog: it is a SQLite file, and")
        .hasMessageNotContaining("password");
  }

  @Test
  void anAddressThatIsNoneIsItsOwnHost() {
    assertThat(Plaintext.host("")).isEmpty();
    assertThat(Plaintext.host("http:///x")).isEmpty();
  }
}
