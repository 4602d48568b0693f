package dev.sluice.connect.glue;

import com.google.auto.service.AutoService;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.KeyProvider;
import dev.sluice.runtime.spi.LakeConfig;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.KmsException;

/** The provider {@code aws-kms}: keys are named by their ids or aliases, and stay in AWS KMS. */
@AutoService(KeyProvider.class)
public final class KmsKeyProvider implements KeyProvider {
  private static final int SERVERS_FAULT = 500;

  @Override
  public String name() {
    return "aws-kms";
  }

  @Override
  public Keys open(LakeConfig config) {
    KmsClientBuilder builder =
        KmsClient.builder()
            .region(Region.of(config.lakeRegion()))
            .httpClientBuilder(UrlConnectionHttpClient.builder());
    if (!config.lakeKmsEndpoint().isEmpty()) {
      builder.endpointOverride(URI.create(config.lakeKmsEndpoint()));
    }
    return new InKms(builder.build());
  }

  private record InKms(KmsClient kms) implements Keys {
    /** Stands in the trail of AWS beside each call, and must be the same to decrypt. */
    private static final Map<String, String> CONTEXT = Map.of("sluice", "parquet");

    @Override
    public String wrap(byte[] fileKey, String name) {
      try {
        byte[] wrapped =
            kms.encrypt(
                    request ->
                        request
                            .keyId(name)
                            .plaintext(SdkBytes.fromByteArray(fileKey))
                            .encryptionContext(CONTEXT))
                .ciphertextBlob()
                .asByteArray();
        return Base64.getEncoder().encodeToString(wrapped);
      } catch (SdkException e) {
        throw failed("encrypt", name, e);
      }
    }

    @Override
    public byte[] unwrap(String wrapped, String name) {
      try {
        return kms.decrypt(
                request ->
                    request
                        .keyId(name)
                        .ciphertextBlob(SdkBytes.fromByteArray(Base64.getDecoder().decode(wrapped)))
                        .encryptionContext(CONTEXT))
            .plaintext()
            .asByteArray();
      } catch (SdkException e) {
        throw failed("decrypt", name, e);
      }
    }

    /** What KMS refuses, it refuses again; where it does not answer, it may answer later. */
    private static SluiceException failed(String verb, String name, SdkException e) {
      boolean refused = e instanceof KmsException answer && answer.statusCode() < SERVERS_FAULT;
      return new SluiceException(
          refused ? ErrorKind.CONFIG : ErrorKind.INFRA,
          String.format(
              "Cannot %s with key '%s' of AWS KMS: %s. %s",
              verb,
              name,
              refused ? ((KmsException) e).awsErrorDetails().errorMessage() : e.getMessage(),
              refused
                  ? "Check the name, the region and the rights of this job on that key"
                  : "Check the network and lake.kms.endpoint, then run again"),
          e);
    }

    @Override
    public void close() {
      kms.close();
    }
  }
}
