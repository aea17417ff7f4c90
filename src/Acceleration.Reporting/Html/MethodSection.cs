namespace Acceleration.Reporting;

/// <summary>How it was measured.</summary>
internal static class MethodSection
{
    public static Html Of(ComparisonReport report)
    {
        var (machine, pictures) = (report.Machine, report.Baseline.Pictures);
        var sweeps = report.Sweeps == 1 ? "once" : $"{report.Sweeps} times";
        return Html.Of($"""
            <section class="method">
            <h2>How it was measured</h2>
            <dl>
            <dt>Turns</dt><dd>Every sampler ran {sweeps}, taking turns: each sweep runs all of them once, the baseline first. Speed-ups are taken within a sweep, then the median over sweeps; the table shows the range of seconds, the plot that of speed-ups. Before, each took {report.WarmUpSteps} steps to warm up. Everything ran on one thread that calls the network.</dd>
            <dt>Seconds</dt><dd>Whole requests for {report.Counted} of {pictures.Width}×{pictures.Height}: drawing noise, all steps, guidance, decisions. Turning results into pictures is not included.</dd>
            <dt>Arithmetic</dt><dd>Multiply-adds of the baseline over those executed. Realised ÷ arithmetic tells how much of that arrives.</dd>
            <dt>Pictures</dt><dd>{(report.Samples == 1 ? $"Seed {report.Seed}" : $"Seeds {report.Seed} to {report.Seed + report.Samples - 1}")}, the same in every row.{Html.If(report.Frames > 1, $" Films are judged frame by frame: every frame counts as a picture.")} Values from {report.Pixels.Black:0.##} to {report.Pixels.White:0.##} are mapped to 0…1 and clamped. PSNR (peak 1) and SSIM (Gaussian 11×11, σ 1.5) are against the baseline’s picture of the same seed, averaged over pictures; PSNR is capped at 100 dB. {(report.Rows.All(r => r.Reproducible) ? Html.If(report.Sweeps > 1, $"All sweeps gave the same pictures, bit for bit.") : Html.Of($"Not all samplers gave the same pictures in every sweep."))}</dd>
            {Html.If(report.Controls.Any(), $"<dt>Δ control</dt><dd>PSNR minus the one that the plain sampler reaches {(report.ByArithmetic ? "with the same arithmetic" : "at the same measured speed")} by taking fewer steps, interpolated over the logarithm of the speed-up. Nothing is extrapolated: a setting faster than the fastest control is compared with that one and gains at least (≥) the number given; one slower than the slowest control gains at most (≤) that.</dd>")}
            {Html.If(report.WantedClasses.Count > 0, $"<dt>Right class</dt><dd>Share of the pictures that a classifier takes for the class asked for. The baseline’s share is the one to compare with.</dd>")}
            <dt>Machine</dt><dd>{machine.Processor}, {machine.LogicalProcessors} logical processors, {Numbers.Bytes(machine.MemoryBytes)}; {machine.System}; {machine.Runtime}; libtorch {machine.Torch}, {machine.TorchThreads} threads, {machine.Device}.</dd>
            <dt>When</dt><dd>{report.Started:yyyy-MM-dd HH:mm zzz}, {Numbers.Duration(report.TotalSeconds)} in all.</dd>
            </dl>
            <details><summary>Samplers by their tags</summary><ul>{report.Rows.Select(r => Html.Of($"<li><b>{(r.Kind == RowKind.Variant ? r.Group : r.Kind.ToString().ToLowerInvariant())}</b> {r.Label}: <code>{r.Tag}</code></li>"))}</ul></details>
            </section>
            """);
    }
}
