package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All scenarios. */
final class Scenarios {

    private static final List<Scenario> ALL = all();

    private Scenarios() {
    }

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(SubmitScenarios.all());
        all.addAll(DependencyScenarios.all());
        all.addAll(BatchScenarios.all());
        all.addAll(FlowScenarios.all());
        all.addAll(EndScenarios.all());
        all.addAll(FenceScenarios.all());
        all.addAll(DeviceWaitScenarios.all());
        all.addAll(FirmwareScenarios.all());
        all.addAll(RecoveryScenarios.all());
        all.addAll(RecoveryEndScenarios.all());
        all.addAll(SchedulerScenarios.all());
        all.addAll(GangScenarios.all());
        all.addAll(PipelineScenarios.all());
        all.addAll(MigrationScenarios.all());
        return List.copyOf(all);
    }

    static List<Scenario> list() {
        return ALL;
    }

    static Optional<Scenario> find(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
