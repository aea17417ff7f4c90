using System.Text.Json;

namespace Acceleration.Fuzz;

/// <summary>Configurations of published schedulers.</summary>
internal sealed class SchedulerTarget : IFuzzTarget
{
    private static readonly string[] Valid =
    [
        """{"_class_name": "PNDMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "num_train_timesteps": 1000, "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "clip_sample": false}""",
        """{"_class_name": "DDPMScheduler", "variance_type": "learned_range", "clip_sample": true, "clip_sample_range": 2.0, "thresholding": false, "timestep_spacing": "trailing", "trained_betas": [0.1, 0.2], "num_train_timesteps": 2}""",
        """{"_class_name": "LCMScheduler", "original_inference_steps": 50, "timestep_scaling": 10.0, "rescale_betas_zero_snr": true, "prediction_type": "v_prediction"}""",
        """{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": "-Infinity", "use_karras_sigmas": true, "solver_order": 3, "final_sigmas_type": "sigma_min"}""",
        """{"_class_name": "UniPCMultistepScheduler", "use_flow_sigmas": true, "flow_shift": 3.0, "prediction_type": "flow_prediction", "disable_corrector": [0]}""",
        """{"_class_name": "EulerDiscreteScheduler", "sigma_max": 700.0, "sigma_min": 0.002, "timestep_type": "continuous", "prediction_type": "v_prediction", "interpolation_type": "linear"}""",
        """{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0, "shift_terminal": 0.1, "use_dynamic_shifting": false, "time_shift_type": "linear", "invert_sigmas": false}""",
        """{"_class_name": "IPNDMScheduler", "trained_betas": [0.9, 0.4, 0.0]}""",
    ];

    private readonly JsonTree[] _valid = [.. Valid.Select(JsonTree.Parse)];

    private readonly JsonMutator _mutator = new(
        [.. Scheduler.Known, .. Valid.SelectMany(v => JsonDocument.Parse(v).RootElement.EnumerateObject().Select(p => p.Name)).Distinct(), "Infinity", "NaN", "linspace", "epsilon", "sample", "sigmoid", "true", "0", "1", "1000000", "1e308"]);

    public string Name => "scheduler";

    public int Weight => 40;

    public byte[] Make(Random random)
    {
        var json = random.Of(_valid).Copy();
        _mutator.Change(random, json, random.Of(_valid));

        // Quotes taken away leave the bare words that Python writes.
        var text = json.ToString();
        var bytes = Utf16.Bytes(random.OneIn(4) ? text.Replace("\"-Infinity\"", "-Infinity", StringComparison.Ordinal).Replace("\"NaN\"", "NaN", StringComparison.Ordinal) : text);
        return random.OneIn(10) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        Scheduler scheduler;
        try
        {
            scheduler = Scheduler.FromConfig(Utf16.Text(input));
        }
        catch (SchedulerConfigException e)
        {
            Expect.Message(e.Message);
            return nameof(SchedulerConfigException);
        }

        try
        {
            _ = scheduler.Schedule(6).Points;
            return Expect.Read;
        }
        catch (ArgumentException e)
        {
            // Some settings leave no room for six steps.
            Expect.Message(e.Message);
            return nameof(ArgumentException);
        }
    }
}
