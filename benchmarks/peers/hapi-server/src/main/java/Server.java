import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.binary.api.IBinaryStorageSvc;
import ca.uhn.fhir.jpa.binstore.DatabaseBinaryContentStorageSvcImpl;
import ca.uhn.fhir.jpa.config.HibernatePropertiesProvider;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.config.util.ValidationSupportConfigUtil;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirPostgresDialect;
import ca.uhn.fhir.jpa.provider.DaoRegistryResourceSupportedSvc;
import ca.uhn.fhir.jpa.provider.IJpaSystemProvider;
import ca.uhn.fhir.jpa.api.IDaoRegistry;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.search.IStaleSearchDeletingSvc;
import ca.uhn.fhir.jpa.search.StaleSearchDeletingSvcImpl;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.jpa.subscription.submit.config.SubscriptionSubmitterConfig;
import ca.uhn.fhir.jpa.validation.JpaValidationSupportChain;
import ca.uhn.fhir.narrative2.NullNarrativeGenerator;
import ca.uhn.fhir.rest.api.IResourceSupportedSvc;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.RequestValidatingInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.common.hapi.validation.support.CachingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * Server PORT JDBC_URL USER DEFINITIONS: HAPI's JPA server on PostgreSQL, in Jetty, under /fhir.
 *
 * Every write is validated before it is processed, by HAPI's own validator over R4 and the guide's definitions, held
 * in memory behind HAPI's cache. Settings are the vendor's; no full text, subscriptions or scheduled jobs run.
 */
public class Server {
    @Configuration
    @EnableTransactionManagement
    @Import({JpaR4Config.class, JpaBatch2Config.class, Batch2JobsConfig.class, SubscriptionChannelConfig.class,
        SubscriptionSubmitterConfig.class, ThreadPoolFactoryConfig.class})
    public static class Settings {
        static String url;
        static String user;

        @Bean
        public DataSource dataSource() {
            BasicDataSource source = new BasicDataSource();
            source.setDriverClassName("org.postgresql.Driver");
            source.setUrl(url);
            source.setUsername(user);
            source.setMaxTotal(20);
            source.setMaxIdle(20);
            source.setPoolPreparedStatements(true);
            return source;
        }

        @Bean
        @Primary
        public LocalContainerEntityManagerFactoryBean entityManagerFactory(
            DataSource source, ConfigurableListableBeanFactory beans, FhirContext context, JpaStorageSettings settings) {
            LocalContainerEntityManagerFactoryBean made =
                HapiEntityManagerFactoryUtil.newEntityManagerFactory(beans, context, settings);
            made.setPersistenceUnitName("HAPI_PU");
            made.setDataSource(source);
            Properties properties = new Properties();
            properties.put("hibernate.dialect", HapiFhirPostgresDialect.class.getName());
            properties.put("hibernate.hbm2ddl.auto", "update");
            properties.put("hibernate.search.enabled", "false");
            properties.put("hibernate.jdbc.batch_size", "20");
            properties.put("hibernate.order_inserts", "true");
            properties.put("hibernate.order_updates", "true");
            properties.put("hibernate.cache.use_query_cache", "false");
            properties.put("hibernate.cache.use_second_level_cache", "false");
            properties.put("hibernate.cache.use_structured_entries", "false");
            properties.put("hibernate.cache.use_minimal_puts", "false");
            made.setJpaProperties(properties);
            return made;
        }

        @Bean
        @Primary
        public HibernatePropertiesProvider hibernateProperties() {
            return new HibernatePropertiesProvider() {
                @Override
                public org.hibernate.dialect.Dialect getDialect() {
                    return new HapiFhirPostgresDialect();
                }
            };
        }

        @Bean
        @Primary
        public JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }

        @Bean
        public JpaStorageSettings storageSettings() {
            JpaStorageSettings settings = new JpaStorageSettings();
            settings.setSchedulingDisabled(true);
            settings.setIndexMissingFields(JpaStorageSettings.IndexEnabledEnum.DISABLED);
            return settings;
        }

        @Bean
        public PartitionSettings partitionSettings() {
            return new PartitionSettings();
        }

        @Bean
        public SubscriptionSettings subscriptionSettings() {
            return new SubscriptionSettings();
        }

        @Bean
        public IStaleSearchDeletingSvc staleSearches() {
            return new StaleSearchDeletingSvcImpl();
        }

        @Bean
        public IBinaryStorageSvc binaryStorage() {
            return new DatabaseBinaryContentStorageSvcImpl();
        }

        @Bean
        public DatabaseBackedPagingProvider pagingProvider() {
            DatabaseBackedPagingProvider paging = new DatabaseBackedPagingProvider();
            paging.setDefaultPageSize(50);
            return paging;
        }

        @Bean
        public IResourceSupportedSvc supported(IDaoRegistry registry) {
            return new DaoRegistryResourceSupportedSvc(registry);
        }

        @Bean
        @Primary
        public CachingValidationSupport validationSupport(JpaValidationSupportChain chain) {
            return ValidationSupportConfigUtil.newCachingValidationSupport(chain);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Settings.url = arguments[1];
        Settings.user = arguments[2];
        AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext(Settings.class);
        FhirContext context = beans.getBean(FhirContext.class);
        context.setNarrativeGenerator(new NullNarrativeGenerator());
        RestfulServer fhir = new RestfulServer(context);
        fhir.registerProviders(beans.getBean(ResourceProviderFactory.class).createProviders());
        fhir.registerProvider(beans.getBean(IJpaSystemProvider.class));
        fhir.setPagingProvider(beans.getBean(DatabaseBackedPagingProvider.class));
        fhir.setDefaultPrettyPrint(false);
        fhir.registerInterceptor(validation(context, Path.of(arguments[3])));
        ServletContextHandler handler = new ServletContextHandler();
        handler.addServlet(new ServletHolder(fhir), "/fhir/*");
        org.eclipse.jetty.server.Server jetty =
            new org.eclipse.jetty.server.Server(new java.net.InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        jetty.setHandler(handler);
        ((ServerConnector) jetty.getConnectors()[0]).setIdleTimeout(600_000);  // large transactions take their time
        jetty.start();
        jetty.join();
    }

    /**
     * Checks R4's rules and those of every profile that the resource claims. Only what is fatal is refused: this version
     * finds errors in a few extensions of slices where the official validator finds none, and a refusal would spare HAPI
     * the work of storing.
     */
    private static RequestValidatingInterceptor validation(FhirContext context, Path definitions) throws IOException {
        PrePopulatedValidationSupport guide = new PrePopulatedValidationSupport(context);
        try (var files = Files.list(definitions)) {
            files.filter(file -> file.getFileName().toString().matches("(StructureDefinition|ValueSet|CodeSystem).*[.]json"))
                .forEach(file -> guide.addResource(parsed(context, file)));
        }
        IValidationSupport chain = new CachingValidationSupport(new ValidationSupportChain(
            new DefaultProfileValidationSupport(context), guide, new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context), new SnapshotGeneratingValidationSupport(context)));
        RequestValidatingInterceptor interceptor = new RequestValidatingInterceptor();
        interceptor.addValidatorModule(new FhirInstanceValidator(chain));
        interceptor.setFailOnSeverity(ResultSeverityEnum.FATAL);
        return interceptor;
    }

    private static IBaseResource parsed(FhirContext context, Path file) {
        try {
            return (IBaseResource) context.newJsonParser().parseResource(Files.readString(file));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
