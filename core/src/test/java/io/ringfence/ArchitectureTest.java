package io.ringfence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The directions in which the packages of core may know each other. */
@AnalyzeClasses(packages = "io.ringfence", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String FENCE = "io.ringfence.fence..";
    private static final String DRIVER = "io.ringfence.driver..";
    private static final String QUEUE = "io.ringfence.queue..";
    private static final String SCHEDULER = "io.ringfence.scheduler..";
    private static final String INTERNAL = "io.ringfence.internal..";

    @ArchTest
    static final ArchRule FENCES_KNOW_NO_OTHER_LAYER = noClasses().that().resideInAPackage(FENCE)
            .should().dependOnClassesThat().resideInAnyPackage(DRIVER, QUEUE, SCHEDULER);

    @ArchTest
    static final ArchRule DRIVERS_KNOW_FENCES = noClasses().that().resideInAPackage(DRIVER)
            .should().dependOnClassesThat().resideInAnyPackage(QUEUE, SCHEDULER);

    @ArchTest
    static final ArchRule QUEUES_KNOW_FENCES_AND_DRIVERS = noClasses().that().resideInAPackage(QUEUE)
            .should().dependOnClassesThat().resideInAPackage(SCHEDULER);

    @ArchTest
    static final ArchRule INTERNALS_KNOW_NO_LAYER = noClasses().that().resideInAPackage(INTERNAL)
            .should().dependOnClassesThat().resideInAnyPackage(FENCE, DRIVER, QUEUE, SCHEDULER);

    @ArchTest
    static final ArchRule EVERY_PACKAGE_HAS_A_PLACE = classes()
            .should().resideInAnyPackage(FENCE, DRIVER, QUEUE, SCHEDULER, INTERNAL);

    @ArchTest
    static final ArchRule CORE_STANDS_ALONE = noClasses()
            .should().dependOnClassesThat().resideInAPackage("io.ringfence.sim..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE = slices().matching("io.ringfence.(**)").should().beFreeOfCycles();
}
