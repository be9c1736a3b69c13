package io.ringfence.figures.dependencies;

import io.ringfence.figures.devices.SpinningDevice;

/** Chains by name, each with a device of its own. */
public final class Chains {

    private Chains() {
    }

    /** Opens {@code bare}, {@code host} or {@code device}. */
    public static Links open(String name) {
        if (name.equals("bare")) {
            return new BareChain();
        }
        SpinningDevice device = new SpinningDevice();
        device.open();
        Chain chain = open(name, device);
        return new Links() {
            @Override
            public void prepare(int count) throws InterruptedException {
                chain.prepare(count);
            }

            @Override
            public long run(int count) {
                return chain.run(count);
            }

            @Override
            public void close() {
                chain.close();
                device.close();
            }
        };
    }

    static Chain open(String name, SpinningDevice device) {
        return switch (name) {
            case "host" -> new HostChain(device);
            case "device" -> new DeviceChain(device);
            default -> throw new IllegalArgumentException("way '" + name + "': must be host or device");
        };
    }
}
