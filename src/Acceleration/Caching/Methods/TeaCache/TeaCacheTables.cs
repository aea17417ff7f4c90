namespace Acceleration;

/// <summary>Published polynomials of TeaCache, highest power first. They hold for the model they were fitted to, at about its usual number of steps.</summary>
public static class TeaCacheTables
{
    /// <summary>FLUX.1, 28 steps; τ 0.25 to 0.8.</summary>
    public static IReadOnlyList<double> Flux { get; } = [498.651651, -283.781631, 55.8554382, -3.82021401, 0.264230861];

    /// <summary>Wan 2.1, text to video, 1.3 billion weights, by its time embedding; τ 0.05 to 0.08.</summary>
    public static IReadOnlyList<double> WanText1B { get; } = [2396.76752, -1311.10545, 201.331979, -8.29855975, 0.137887774];

    /// <summary>Wan 2.1, text to video, 14 billion weights, by its time embedding; τ 0.14 to 0.2.</summary>
    public static IReadOnlyList<double> WanText14B { get; } = [-5784.54975374, 5449.50911966, -1811.16591783, 256.27178429, -13.02252404];

    /// <summary>Wan 2.1, image to video, 480 lines, by its time embedding; τ 0.13 to 0.26.</summary>
    public static IReadOnlyList<double> WanImage480 { get; } = [-302.331670, 223.948934, -52.5463970, 5.87348440, -0.201973289];

    /// <summary>Wan 2.1, image to video, 720 lines, by its time embedding; τ 0.18 to 0.3.</summary>
    public static IReadOnlyList<double> WanImage720 { get; } = [-114.36346466, 65.26524496, -18.82220707, 4.91518089, -0.23412683];

    /// <summary>CogVideoX, 2 billion weights, by its time embedding; τ 0.1 to 0.3.</summary>
    public static IReadOnlyList<double> CogVideoX2B { get; } = [-31.0658903, 25.4732368, -5.92380459, 1.75769064, -0.00361568434];

    /// <summary>CogVideoX, 5 billion weights, by its time embedding; τ 0.1 to 0.3.</summary>
    public static IReadOnlyList<double> CogVideoX5B { get; } = [-1538.80483, 843.202495, -134.363087, 7.97131516, -0.0523162339];

    /// <summary>CogVideoX 1.5, by its time embedding; τ 0.1 to 0.3.</summary>
    public static IReadOnlyList<double> CogVideoX15 { get; } = [250.210439, -165.061612, 35.7804877, -0.781551492, 0.0358559703];

    /// <summary>Latte.</summary>
    public static IReadOnlyList<double> Latte { get; } = [-2464.34137, 308.044764, 80.7447667, -4.11385132, 0.111001402];
}
